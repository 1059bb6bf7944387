"""What a letter says of how far a task is: headings of its tables, and cells of progress."""

import datetime
import re
import tomllib
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib import resources

import msgspec

_DAY = (
    r"(?:vào )?(?:(?:ngày )?(?P<day>\d{1,2})(?:[/.-](?P<month>\d{1,2})[/.-]| tháng (?P<month_>\d{1,2}) năm )"
    r"(?P<year>20\d\d)(?!\d)|ngày (?P<day_alone>\d{1,2})(?:/| tháng )(?P<month_alone>\d{1,2})(?![/\d]|-\d| năm))"
)


class _States(msgspec.Struct, frozen=True):
    reported: tuple[tuple[str, re.Pattern[str]], ...]
    progress: tuple[tuple[str, re.Pattern[str]], ...]
    late: re.Pattern[str]
    in_time: re.Pattern[str]
    day_done: re.Pattern[str]


@cache
def _states() -> _States:
    data = tomllib.loads(resources.files("extractors").joinpath("data/reported_states.toml").read_text("utf-8"))
    when = data["when_done"]
    reported, progress = (
        tuple((rule["state"], re.compile("|".join(rule["patterns"]))) for rule in data[which])
        for which in ("reported", "progress")
    )
    return _States(
        reported=reported,
        progress=progress,
        late=re.compile(when["late"]),
        in_time=re.compile(when["in_time"]),
        day_done=re.compile(
            rf"(?:^|(?<!\w)(?:{when['acts']})(?: (?!(?:{when['not_on']})(?!\w))[^\s;,.\d]+){{0,4}} "
            rf"|(?P<not_by>(?:{when['not_by']}) )?(?:{when['documents']})(?: số \S+)? ){_DAY}"
        ),
    )


def reported(
    section: Sequence[str],
    progress: str | None = None,
    due: datetime.date | None = None,
    issued: datetime.date | None = None,
) -> str | None:
    """What a letter reports of a task under a path of headings, None where it reports nothing.

    One of `done_in_time`, `done_late`, `done` (nobody says whether in time), `not_done_in_time`, `not_done_late`;
    the innermost heading goes first. What the table itself says of the task's `progress`, where it is plain, goes
    before headings; where neither says whether what is done was in time, the day that `progress` names does, set
    against the day on which it was `due`. `issued`: the day of the letter, which says of what year a day is.
    """
    words = _plain(progress or "")
    said = _heading_reports(section)
    found = _cell_reports(words) or said
    if found is None or found == "not_done_late":
        return found
    if found.startswith("not_done"):
        return "not_done_late" if said is not None and said.endswith("_late") else "not_done_in_time"
    return _how_done(words, found, said, due, day_done(words, issued))


def day_done(progress: str, issued: datetime.date | None = None) -> datetime.date | None:
    """The one day on which words of progress say that what is done was: its act, or the document it yielded.

    A day without its year (`ngày 12/5`) is the last such before the letter was `issued`.
    """
    days = set()
    for match in _states().day_done.finditer(_plain(progress)):
        if match["not_by"] is not None or (match["year"] is None and issued is None):
            continue
        try:
            days.add(_day(match, issued))
        except ValueError:
            return None
    return days.pop() if len(days) == 1 else None


def _day(match: re.Match[str], issued: datetime.date | None) -> datetime.date:
    if match["year"] is not None or issued is None:
        return datetime.date(int(match["year"]), int(match["month"] or match["month_"]), int(match["day"]))
    day = datetime.date(issued.year, int(match["month_alone"]), int(match["day_alone"]))
    return day if day <= issued else day.replace(year=issued.year - 1)


def _how_done(
    words: str, found: str, said: str | None, due: datetime.date | None, day: datetime.date | None
) -> str:
    """Whether what is done was in time, by what is said closest to it."""
    late, in_time = _states().late.search(words) is not None, _states().in_time.search(words) is not None
    if late != in_time:
        return "done_late" if late else "done_in_time"
    for told in (found, said or ""):
        if told.endswith(("_late", "_in_time")):
            return "done_late" if told.endswith("_late") else "done_in_time"
    if day is None or due is None:
        return "done"
    return "done_late" if day > due else "done_in_time"


def _cell_reports(words: str) -> str | None:
    """What the parts of a cell of progress say; None where none says anything, or they contradict each other."""
    each = [
        next((state for state, pattern in _states().progress if pattern.fullmatch(part)), None)
        for part in re.split(r"\s?;\s?", words)
    ]
    found = {state for state in each if state != "not_done"} | {each[-1]}  # what is undone is said at the end
    if found & {"done", "done_late"}:
        return None if "not_done" in found else "done_late" if found - {"done", None} else "done"
    return next((state for state in ("not_done_late", "not_done") if state in found), None)


def _heading_reports(section: Sequence[str]) -> str | None:
    for heading in reversed(section):
        words = _plain(heading)
        for state, pattern in _states().reported:
            if pattern.search(words) and not ("chưa" in words and state.startswith("done")):
                return state
    return None


def _plain(words: str) -> str:
    return " ".join(unicodedata.normalize("NFC", words).lower().split())
