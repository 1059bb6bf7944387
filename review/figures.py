"""What the dashboard and the report show, asked of the published copy: each task once, as of a day."""

import datetime
from typing import Any

import duckdb

from pipeline.assigning import ASSIGNED_IN
from pipeline.errors import WrongUse
from pipeline.store import reading
from review import letters_in

STANDINGS = (
    "not_done_late",
    "not_done_in_time",
    "not_done_uncounted",
    "not_done_undated",
    "done_late",
    "done_day_unknown",
    "done_in_time",
)
MOST_AGENCIES = 12
MONTHS_BEFORE, MONTHS_AHEAD = 12, 9
"""Months shown one by one around the present one."""

MOST_SHOWN = 100
SOON_DAYS = 30
OURS_FIRST = "coalesce(mean(is_led_by_us::INTEGER), 0) <= 0.5"
"""Puts our own bodies before the others: we lead most of the tasks that they lead."""

ON_TIMELINE = 24
"""Tasks of one body on its timeline: those due nearest to today, before it and after it."""

TASKS = """
FROM counted_tasks
WHERE (? IS NULL OR list_contains(lead_bodies, ?))
    AND (? IS NULL OR due >= ?::DATE) AND (? IS NULL OR due <= ?::DATE)
    AND (NOT ? OR our_role <> 'cooperates')
    AND (? IS NULL OR standing = ?) AND (? IS NULL OR CASE (?::VARCHAR)[1]
        WHEN '<' THEN strftime(due, '%Y-%m') < (?::VARCHAR)[2:]
        WHEN '>' THEN strftime(due, '%Y-%m') > (?::VARCHAR)[2:]
        ELSE strftime(due, '%Y-%m') = ? END)
    AND (? IS NULL OR standing LIKE 'not_done%' AND coming BETWEEN ?::DATE AND ?::DATE)
    AND (? IS NULL OR document_sha256 IN (
        SELECT document_sha256 FROM documents WHERE strftime(received_at + INTERVAL 7 HOUR, '%Y-%m') = ?))
"""
"""The tasks of a choice, whose `values` fill it, out of what `count` has laid out.

Ours is what we are late with, as in question 2 of the cookbook: not what we only cooperate in.
"""

# Counting all tasks once takes most of the time: it is done once for all that is asked.
_COUNTED = """
CREATE OR REPLACE TEMP TABLE counted_tasks AS
SELECT task_id, text, lead_bodies AS lead, lead_bodies, coop, due, coalesce(next_day, due) AS coming,
    deadline_text, standing, code_number, code_notation, document,
    document_sha256, letter_id, issued_date, concerns_us,
    our_role, our_role IS NOT DISTINCT FROM 'leads' AS is_led_by_us, ordinal, source_doc, is_report, done_on,
    progress, reported_progress, status
FROM standings(?::DATE) LEFT JOIN (SELECT task_id, next_day FROM recurring_on(?::DATE)) USING (task_id)
"""
# What we are to do before what we cooperate in, and that before what is others'.
_LATE_FIRST = """CASE WHEN concerns_us IN ('no', 'excluded') THEN 2 WHEN our_role = 'cooperates' THEN 1 ELSE 0 END,
    standing <> 'not_done_late', standing NOT LIKE 'not_done%',
    due IS NULL, due, document, ordinal"""


class Choice:
    """What the reader looks at: a body, a period, what is ours.

    And what was clicked: one standing, the month something is due, what is due soon, the month letters came in.
    """

    def __init__(self) -> None:
        self.agency: str | None = None
        self.first: str | None = None
        self.last: str | None = None
        self.ours = False
        self.standing: str | None = None
        self.month: str | None = None
        self.soon = False
        self.came: str | None = None

    def values(self, day: datetime.date, *, narrowed: bool = True) -> list[Any]:
        """Parameters of `TASKS`; without `narrowed`, what was clicked in charts is left out."""
        clicked = self.standing, self.month, self.soon, self.came
        standing, month, soon, came = clicked if narrowed else (None, None, False, None)
        until = day + datetime.timedelta(days=SOON_DAYS) if soon else None
        paired = [v for v in (self.agency, self.first, self.last) for _ in (0, 1)]
        soon_days = [until, day, until]
        return [*paired, self.ours, standing, standing, *[month] * 5, *soon_days, came, came]


def count(base: Any, day: datetime.date, path: Any) -> None:
    """Lay out what `TASKS` asks: every counted task once, as it stands on a day.

    Raises WrongUse where the copy at `path` was published by another version, and waits to be published anew.
    """
    try:
        base.execute(_COUNTED, [day, day])
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise WrongUse("not_published", path=path) from error


def figures(path: Any, choice: Choice, day: datetime.date) -> dict[str, Any]:
    """Everything the dashboard shows. Raises WrongUse where nothing was published yet."""
    with reading(path) as base:

        def rows(sql: str, values: list[Any] | None = None) -> list[tuple[Any, ...]]:
            found: list[tuple[Any, ...]] = base.execute(sql, values or []).fetchall()
            return found

        count(base, day, path)
        whole, narrowed = choice.values(day, narrowed=False), choice.values(day)
        return {
            "tasks": records(
                base,
                f"""WITH shown AS MATERIALIZED (
                    SELECT task_id, text, lead, due, deadline_text, standing, code_number, code_notation, document,
                        letter_id, concerns_us, our_role, row_number() OVER (ORDER BY {_LATE_FIRST}) AS nth
                    {TASKS} ORDER BY nth LIMIT {MOST_SHOWN:d}
                )
                FROM shown LEFT JOIN (FROM {ASSIGNED_IN} WHERE task_id IN (SELECT task_id FROM shown))
                    USING (task_id) ORDER BY nth""",
                narrowed,
            ),
            "count": rows(f"SELECT count(*) {TASKS}", narrowed)[0][0],
            "standings": dict(rows(f"SELECT standing, count(*) {TASKS} GROUP BY standing", whole)),
            "soon": rows(
                f"SELECT count(*) {TASKS} AND standing LIKE 'not_done%' AND coming BETWEEN ?::DATE AND ?::DATE",
                [*whole, day, day + datetime.timedelta(days=SOON_DAYS)],
            )[0][0],
            "agencies": rows(
                f"""SELECT agency, {_by_standing()}
                FROM (SELECT unnest(lead) AS agency, standing, is_led_by_us {TASKS}) GROUP BY agency
                ORDER BY {OURS_FIRST}, count(*) FILTER (standing = 'not_done_late') DESC, count(*) DESC, agency
                LIMIT {MOST_AGENCIES:d}""",
                whole,
            ),
            "agencies_count": rows(
                f"SELECT count(DISTINCT agency) FROM (SELECT unnest(lead) AS agency {TASKS})", whole
            )[0][0],
            "months": around(
                rows(
                    f"""SELECT month, {_by_standing()}
                    FROM (SELECT strftime(due, '%Y-%m') AS month, standing {TASKS}) WHERE month IS NOT NULL
                    GROUP BY month ORDER BY month""",
                    whole,
                ),
                day,
            ),
            "timeline": _timeline(base, whole, day) if choice.agency else [],
            "letters": rows(letters_in.LETTERS)[::-1],
            "documents": dict(rows("SELECT status, count(*) FROM documents GROUP BY status")),
            "aside": dict(rows("SELECT state, count(*) FROM quarantine GROUP BY state")),
            "choices": [
                name
                for (name,) in rows(
                    f"""SELECT agency FROM (SELECT unnest(lead) AS agency, is_led_by_us FROM counted_tasks)
                    GROUP BY agency ORDER BY {OURS_FIRST}, count(*) DESC, agency LIMIT 400"""
                )
            ],
            "published": rows("SELECT value FROM meta WHERE key = 'published_at'")[0][0],
        }


def around(rows: list[tuple[Any, ...]], day: datetime.date) -> list[tuple[Any, ...]]:
    """The months around a day, none left out, as (month, counts); those before and after as `<month`, `>month`."""
    if not rows:
        return []
    at, known = day.year * 12 + day.month - 1, {row[0]: row for row in rows}
    window = [f"{n // 12}-{n % 12 + 1:02d}" for n in range(at - MONTHS_BEFORE, at + MONTHS_AHEAD + 1)]
    before = [row for row in rows if row[0] < window[0]]
    after = [row for row in rows if row[0] > window[-1]]
    filled = [month for month in window if month in known]
    if filled:
        first = 0 if before else window.index(filled[0])
        last = len(window) if after else window.index(filled[-1]) + 1
        window = window[first:last]
    none = (0,) * (len(rows[0]) - 1)
    shown = [known.get(month, (month, *none)) for month in window]
    if before:
        shown.insert(0, (f"<{window[0]}", *_sum(before)))
    if after:
        shown.append((f">{window[-1]}", *_sum(after)))
    return shown


def _sum(rows: list[tuple[Any, ...]]) -> tuple[int, ...]:
    return tuple(map(sum, zip(*(row[1:] for row in rows), strict=True)))


def records(base: Any, sql: str, values: list[Any]) -> list[dict[str, Any]]:
    """The rows of a query by the names of their columns."""
    found = base.execute(sql, values)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _timeline(base: Any, values: list[Any], day: datetime.date) -> list[dict[str, Any]]:
    """The dated tasks of one body that are due nearest to `day`, in the order of their days."""
    rows = records(
        base,
        f"""WITH shown AS MATERIALIZED (
            SELECT task_id, text, issued_date, due, standing {TASKS} AND due IS NOT NULL
            ORDER BY abs(due - ?::DATE), due, task_id LIMIT {ON_TIMELINE:d}
        )
        SELECT shown.* REPLACE (coalesce(assigned_on, issued_date) AS issued_date)
        FROM shown LEFT JOIN (FROM {ASSIGNED_IN} WHERE task_id IN (SELECT task_id FROM shown)) USING (task_id)""",
        [*values, day],
    )
    return sorted(rows, key=lambda row: (row["due"], row["task_id"]))


def _by_standing() -> str:
    return ", ".join(f"count(*) FILTER (standing = '{standing}')" for standing in STANDINGS)
