"""Reviewers at once while letters come in: whether a correction is lost, doubled or refused without cause.

    python -m benchmarks.soak_review [--seconds N] [--reviewers N] [--browsers N]

So many of the reviewers work in real browsers, by keys; the others call the functions behind the page, as its
handlers do, in the server's own process. What each was told is saved must stand in the journal exactly once.
"""

import argparse
import asyncio
import contextlib
import random
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import msgspec

from pipeline import owner, review_items, reviewing, settings
from pipeline.errors import WrongUse
from pipeline.register import Register, open_register
from pipeline.review_items import Stale
from pipeline.store import dump
from review.leases import Leases
from review.queue import Queue
from review.serving import serving
from tests.browsers import Browser, Keys, until
from tests.letters import text_letter
from tests.review_server import take_in


class Told(msgspec.Struct):
    """What reviewers were told: acts said to be saved, by (who, words); refusals; and what went wrong."""

    saved: Counter[tuple[str, str]] = Counter()
    undone: int = 0
    stale: int = 0
    faults: list[str] = []


def by_functions(register: Register, queue: Queue, leases: Leases, who: str, told: Told, ends: float) -> None:
    """One reviewer without a browser: takes what comes next, corrects or rejects it, now and then undoes."""
    chance, turn = random.Random(who), 0
    while time.monotonic() < ends:
        task_id = queue.first("pooled" if chance.random() < 0.5 else "letters", leases.others(who))
        if task_id is None:
            time.sleep(0.2)
            continue
        # Not every lease is minded: two reviewers at one record is what has to go well.
        if chance.random() < 0.8:
            leases.take(task_id, who, who)
        turn += 1
        words = f"{who} {turn}"
        try:
            seen = review_items.item(register, task_id)
            time.sleep(chance.random() * 0.3)
            seq = reviewing.decide(register, seen, "accept", who, {"result": words})
            told.saved[who, words] += 1
            if chance.random() < 0.1:
                reviewing.undo(register, seq, who)
                told.undone += 1
        except Stale:
            told.stale += 1
        except WrongUse as error:
            # Somebody went on from there between the act and its undoing.
            if error.code != "changed_since":
                told.faults.append(f"{who}: {error.code}")
        except Exception as error:
            told.faults.append(f"{who}: {type(error).__name__}: {error}")
        leases.give_back(who)


def by_browser(url: str, who: str, told: Told, ends: float, profile: Path) -> None:
    """One reviewer in Chromium, by keys alone; what the page says is saved counts."""
    browser = Browser(profile)
    turn = 0
    try:
        browser.enter_as(url, who)
        browser.settled()
        while time.monotonic() < ends:
            browser.go(f"{url}/next")
            if "/task/" not in browser.driver.current_url:
                continue
            browser.one(".field-result input")
            turn += 1
            words = f"{who} {turn}"
            browser.press("r")
            browser.focused(".field-result")
            browser.press(*words)
            browser.chord(Keys.CONTROL, Keys.ENTER)
            if until(lambda: _said(browser)) == "saved":
                told.saved[who, words] += 1
            else:
                told.stale += 1
    except Exception as error:
        told.faults.append(f"{who}: {type(error).__name__}: {str(error)[:200]}")
    finally:
        browser.quit()


def _said(browser: Browser) -> str | None:
    if browser.all(".versions"):
        return "stale"
    # After the last record of the queue the page goes to the queue, and takes its word along.
    left = "/task/" not in browser.driver.current_url
    return "saved" if left or any("Đã nhận" in n.text for n in browser.all(".q-notification")) else None


async def soak(register: Register, seconds: float, reviewers: int, browsers: int, scratch: Path) -> Told:
    """Let them work; letters come in all the time."""
    told, ends = Told(), time.monotonic() + seconds
    async with serving(register, "127.0.0.1", 0) as url:
        queue, leases = Queue(register), Leases()
        threads = [
            threading.Thread(
                target=by_browser, args=(url.rstrip("/"), f"Trình duyệt {n}", told, ends, scratch / f"b{n}")
            )
            for n in range(browsers)
        ] + [
            threading.Thread(target=by_functions, args=(register, queue, leases, f"Người {n}", told, ends))
            for n in range(reviewers - browsers)
        ]
        for thread in threads:
            thread.start()
        letters = 0
        while any(thread.is_alive() for thread in threads):
            if time.monotonic() < ends:
                letters += 1
                text_letter(register.home.inbox, f"văn bản {letters}.txt", 1000 + letters)
                await asyncio.to_thread(take_in, register)
            await asyncio.sleep(0.2)
        print(f"{letters} letters came in, {register.store.value('SELECT count(*) FROM tasks')} tasks")
    return told


def check(register: Register, told: Told) -> list[str]:
    """What the journal does not bear out of what reviewers were told."""
    kept = Counter(
        (event.data["who"], change["value"])
        for event in register.journal.events()
        if event.kind == "reviewed"
        for change in event.data["corrected"]
        if change["field"] == "result" and event.data["act"] == "accept"
    )
    faults = list(told.faults)
    faults += [f"lost: {key}" for key in told.saved if not kept[key]]
    faults += [f"doubled: {key}" for key, times in kept.items() if times > 1]
    faults += [f"kept but not said: {key}" for key in kept if key not in told.saved]
    before = dump(register.store.rows)
    register.rebuild()
    if dump(register.store.rows) != before:
        faults.append("the database made again from the journal differs")
    return faults


def main() -> None:
    """Soak, then say what was found; exit code 1 where anything was lost, doubled or failed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--reviewers", type=int, default=20)
    parser.add_argument("--browsers", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        home = Path(folder) / "home"
        home.mkdir()
        mine = owner.own(home, "soak")
        assert mine is not None
        register = stack.enter_context(open_register(home, settings.load(home), mine))
        for number in range(10):
            text_letter(register.home.inbox, f"trước {number}.txt", 100 + number)
        take_in(register)
        told = asyncio.run(soak(register, given.seconds, given.reviewers, given.browsers, Path(folder)))
        faults = check(register, told)
    acts = sum(told.saved.values())
    print(f"{acts} acts saved, {told.undone} undone, {told.stale} stale saves refused, {len(faults)} faults")
    for fault in faults[:20]:
        print(fault)
    raise SystemExit(bool(faults))


if __name__ == "__main__":
    main()
