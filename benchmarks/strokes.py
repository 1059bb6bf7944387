"""Clicks and keystrokes that bring a letter to gold on the real page: from machine output, and from nothing.

    python -m benchmarks.strokes CORPUS_DIR [--letter NAME] [--level office|poor|none]

The letter is scanned and read; a scripted reviewer works in Chromium through all its records. What was missed is
dragged over on its page, names are typed up to where completion offers them first. Then the same once more with a
letter in which no task was found: every task is dragged over and its fields typed as shortly. A drag and a click
count one, a key one. Records count as right by the scorer (words agree by 0.80, leads and deadline alike).
"""

import argparse
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from rapidfuzz.fuzz import partial_ratio_alignment
from selenium.webdriver.common.actions.action_builder import ActionBuilder

from extractors.layout import blocks
from models import Block, Document, Grid
from pipeline import evaluate
from pipeline.journal import Journal
from review.completion import OFTEN, Bodies, folded
from review.marking import of_run
from samples.scan import scan
from tests.browsers import Browser, Keys, Reviewed, until

Record = dict[str, Any]


class Reviewer:
    """A scripted reviewer at the record page of one letter, who knows what completion offers for what is typed."""

    def __init__(
        self,
        browser: Browser,
        found: tuple[Block, ...],
        pages: dict[int, tuple[float, float]],
        tasks: list[Record],
    ) -> None:
        self.browser, self.blocks, self.pages = browser, found, pages
        self._known = Bodies()
        self._known.note(
            body["name"] for task in tasks for role in ("leads", "coops") for body in task.get(role, ())
        )

    def bodies(self, names: list[str]) -> None:
        """Type bodies into the chips that have the focus, by completion where it knows them."""
        for name in names:
            typed = folded(name)
            short = next((typed[:n] for n in range(1, len(typed) + 1) if self._first(typed[:n]) == name), None)
            self.browser.press(short or name)
            if short:
                until(lambda name=name: name in [e.text for e in self.browser.all(".q-menu .q-item")])
                self.browser.press(Keys.ARROW_DOWN)
            self.browser.press(Keys.ENTER)
            until(lambda name=name: name in [e.text for e in self.browser.all(".q-chip__content")])

    def correct(self, field: str, key: str, fill: Callable[[], None], chips: int = 0) -> None:
        """Go to a field by its key, empty it, fill it and leave it."""
        self.browser.press(key)
        self.browser.focused(f".field-{field}")
        self.browser.press(Keys.BACKSPACE * chips)
        fill()
        # The first Esc may only close what completion offers.
        while self.browser.driver.execute_script("return isTyping()"):
            self.browser.press(Keys.ESCAPE)

    def add(self, gold: Record, *, from_record: bool = True) -> None:
        """Drag over a task's words on its page, and make them a task with its bodies and deadline.

        On the page of a record what was marked is offered for several uses; the letter's view takes it for a task.
        """
        browser = self.browser
        page, start, end, rest = self._place(gold["text"])
        self._turn_to(page)
        self._drag(page, start, end)
        if from_record:
            browser.one(".marked-text")
            browser.press("7")
        text = ".add-text textarea"
        until(lambda: browser.one(text).is_displayed() and browser.one(text).get_property("value"))
        browser.focused(".add-text")
        if rest:
            browser.chord(Keys.CONTROL, Keys.END)
            browser.press(f" {rest}")
        fields = (("lead", gold["lead"]), ("coop", gold["coop"]), ("deadline", gold["deadline_text"]))
        last = max((n for n, (_, value) in enumerate(fields) if value), default=-1)
        for field, value in fields[: last + 1]:
            browser.tab_to(f".add-{field}")
            if field == "deadline":
                browser.press(_shortest(gold))
            elif value:
                self.bodies(value)
        self.insist(lambda: browser.chord(Keys.CONTROL, Keys.ENTER), lambda: not browser.all(".add-task"))
        self.noted([*gold["lead"], *gold["coop"]])

    def insist(self, save: Callable[[], None], is_done: Callable[[], bool]) -> None:
        """Save, and once more where the page asks whether words it cannot read as a deadline are to be kept."""
        save()
        if until(lambda: is_done() or self.browser.all(".q-notification.bg-negative")) is not True:
            save()
        until(is_done)

    def noted(self, names: list[str]) -> None:
        """Know that a record with these bodies has been saved."""
        self._known.note(names, OFTEN)

    def _first(self, typed: str) -> str | None:
        return next(iter(self._known.complete(typed)), None)

    def _place(self, text: str) -> tuple[int, tuple[float, float], tuple[float, float], str]:
        """Page, first and last point of a text in the letter, and what of it stands on the next page."""
        parts = [
            (number, cell, (cell.text if cell else getattr(block, "text", "")))
            for number, block in enumerate(self.blocks)
            for cell in (block.cells if isinstance(block, Grid) else (None,))
        ]
        spans = [(partial_ratio_alignment(text, part[2]), part) for part in parts if len(part[2]) > 10]
        found, (number, cell, words) = max(
            ((span, part) for span, part in spans if span),
            key=lambda s: s[0].score * min(1, len(s[1][2]) / len(text)),
        )
        places = of_run(self.blocks, number, cell, found.dest_start, found.dest_end).places
        first = [p for p in places if p.get("page") == places[0]["page"]]
        one, last = first[0]["box"], first[-1]["box"]
        rest = " ".join(words[first[-1]["end"] : found.dest_end].split()) if len(first) < len(places) else ""
        across = 3
        return (
            first[0]["page"],
            (one[0] + across, one[1] + min(6, (one[3] - one[1]) / 2)),
            (last[2] - across, last[3] - min(6, (last[3] - last[1]) / 2)),
            rest,
        )

    def _turn_to(self, page: int) -> None:
        def shown() -> int:
            return int(self.browser.text(".sheet-where").split()[1].split("/")[0])

        while (now := shown()) != page:
            self.browser.press("]" if now < page else "[")
            until(lambda now=now: shown() != now)

    def _drag(self, page: int, start: tuple[float, float], end: tuple[float, float]) -> None:
        driver, (width, _) = self.browser.driver, self.pages[page]
        until(
            lambda: driver.execute_script(
                "const i = document.querySelector('.sheet-image img');"
                "return i.complete && i.naturalWidth > 0 && i.src.includes(arguments[0])",
                f"/{page}/",
            )
        )
        box = driver.execute_script(
            "const s = document.querySelector('.sheet-scroll'), i = s.querySelector('img');"
            "s.scrollTop = Math.max(0, arguments[0] * i.clientWidth - 60);"
            "const r = i.getBoundingClientRect(); return [r.left, r.top, r.width];",
            start[1] / width,
        )
        points = [
            (round(box[0] + x / width * box[2]), round(box[1] + y / width * box[2])) for x, y in (start, end)
        ]
        action = ActionBuilder(driver)
        pointer = action.pointer_action
        pointer.move_to_location(*points[0]).pointer_down().move_to_location(*points[1]).pointer_up()
        action.perform()
        self.browser.clicks += 1


def _shortest(gold: Record) -> str:
    """A deadline as typed in haste: the day, or the letter's words where it is no day."""
    if gold["deadline_kind"] == "date" and gold["deadline_date"]:
        year, month, day = gold["deadline_date"].split("-")
        return f"{int(day)}/{int(month)}/{year}"
    return str(gold["deadline_text"])


class Counted(NamedTuple):
    """What it took to bring a letter to gold, and how many records were right then."""

    keys: int
    clicks: int
    right: int

    def __str__(self) -> str:
        return f"{self.keys} keys, {self.clicks} clicks, {self.right} records right at the end"


def work(source: Path, gold: list[Record], level: str, scratch: Path, *, blank: bool = False) -> Counted:
    """Bring the letter to gold from what the machine read, or, `blank`, from nothing."""
    office = Reviewed(scratch / "home")
    target = office.home / "inbox" / source.name
    if level == "none":
        target.write_bytes(source.read_bytes())
    else:
        scan(source, target, level)
    browser = Browser(scratch / "profile", 1920, 1080)
    os.environ.pop("REVIEW_BLANK", None)
    if blank:
        os.environ["REVIEW_BLANK"] = "1"
    with office.running() as url:
        journal = Journal(office.home / "journal")
        events = {event.kind: event for event in journal.events()}
        document = journal.kept(events["read"].data["reading"], Document)
        pages = {page.number: (page.width, page.height) for page in document.pages}
        tasks = events["extracted"].data["tasks"]
        reviewer = Reviewer(browser, blocks(document), pages, tasks)
        browser.enter_as(url, "An")
        browser.settled()
        (_from_nothing if blank else _from_machine)(reviewer, url, gold, tasks)
        browser.quit()
    rows = office.rows(
        """SELECT to_json(struct_pack(text, lead, coop, deadline_kind, deadline_date)) FROM current_tasks
        ORDER BY ordinal"""
    )
    tally, _ = evaluate.compare(source.name, gold, [msgspec.json.decode(row) for (row,) in rows])
    return Counted(browser.strokes, browser.clicks, tally.records)


def _from_machine(reviewer: Reviewer, url: str, gold: list[Record], tasks: list[Record]) -> None:
    """Go through what the machine found: add what it missed, then accept, correct or reject one after another."""
    browser = reviewer.browser
    found = {task["task_id"]: _record(task) for task in tasks}
    ids = list(found)
    matched = {ids[j]: gold[i] for i, j in evaluate.pairs(gold, list(found.values()))}
    browser.go(url)
    browser.click(".rows tbody tr")
    browser.one(".field-text textarea")
    browser.settled()
    for task in gold:
        if not task["optional"] and task not in matched.values():
            reviewer.add(task)
    while _shown(browser) is not None:
        # What is shown, not what the address says already: keys for a record not yet seen are not taken.
        task_id = _shown(browser)
        if task_id in found:
            wanted = matched.get(task_id)
            key = _review(reviewer, found[task_id], wanted)
            reviewer.insist(lambda key=key: browser.press(key), lambda task_id=task_id: _shown(browser) != task_id)
            reviewer.noted([n for f in _other_bodies(found[task_id], wanted) for n in (wanted or {})[f]])
        until(lambda task_id=task_id: _shown(browser) != task_id)


def _from_nothing(reviewer: Reviewer, url: str, gold: list[Record], tasks: list[Record]) -> None:
    """Make every task of the letter on its own view."""
    assert not tasks
    browser = reviewer.browser
    browser.go(f"{url}/files")
    browser.click(".files a", ".pdf")
    until(lambda: "/letter/" in browser.driver.current_url)
    browser.settled()
    for count, task in enumerate([task for task in gold if not task["optional"]], 1):
        reviewer.add(task, from_record=False)
        until(lambda count=count: browser.text(".panel-title").startswith(f"{count} "))


def _shown(browser: Browser) -> str | None:
    """The record on the page; None where the queue has ended."""
    shown: str | None = browser.driver.execute_script("return recordShown() ?? null")
    return shown


def _record(task: Record) -> Record:
    deadline = task.get("deadline") or {}
    return {
        "text": task["text"],
        "lead": [a["name"] for a in task.get("leads", ())],
        "coop": [a["name"] for a in task.get("coops", ())],
        "deadline_kind": deadline.get("kind", "none"),
        "deadline_date": deadline.get("date"),
    }


def _other_bodies(found: Record, gold: Record | None) -> list[str]:
    """The fields of bodies that are to be corrected."""
    if gold is None:
        return []
    return [f for f in ("lead", "coop") if evaluate.names(gold[f]) != evaluate.names(found[f])]


def _review(reviewer: Reviewer, found: Record, gold: Record | None) -> str:
    """Bring the fields of one record to gold; the key that decides it."""
    browser = reviewer.browser
    if gold is None:
        return "x"
    for field in _other_bodies(found, gold):
        key = {"lead": "c", "coop": "p"}[field]
        reviewer.correct(field, key, lambda field=field: reviewer.bodies(gold[field]), len(found[field]))
    if evaluate.due(gold) != evaluate.due(found):

        def deadline() -> None:
            browser.press(_shortest(gold) if gold["deadline_text"] else Keys.BACKSPACE)

        reviewer.correct("deadline", "h", deadline)
    return str(Keys.ENTER)


def main() -> None:
    """Do it and print the counts."""
    parser = argparse.ArgumentParser()
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--letter", default="001-letter")
    parser.add_argument("--level", default="office", choices=("office", "poor", "none"))
    given = parser.parse_args()
    lines = (given.corpus / f"{given.letter}.tasks.jsonl").read_bytes().splitlines()
    gold = [msgspec.json.decode(line) for line in lines]
    wanted = sum(not task["optional"] for task in gold)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        source = given.corpus / f"{given.letter}.pdf"
        machine = work(source, gold, given.level, Path(scratch) / "machine")
        print(f"from machine output: {machine} (of {wanted})", flush=True)
        nothing = work(source, gold, given.level, Path(scratch) / "nothing", blank=True)
        print(f"from nothing: {nothing} (of {wanted})")
    share = (machine.keys + machine.clicks) / (nothing.keys + nothing.clicks)
    print(f"share: {share:.3f}")


if __name__ == "__main__":
    main()
