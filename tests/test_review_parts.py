"""The parts of the review page that need no browser: marks, completion, leases, places in a text."""

import asyncio
import contextlib
import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from starlette.types import Message, Receive, Scope, Send

from extractors.related_letters import AMONG, NAMES
from models import Box, Cell, Grid, Paragraph, Piece
from pipeline import letter_acts, review_items
from pipeline.acceptance import Standing
from pipeline.review_items import Item
from pipeline.texts import catalogue
from review import accepting, exporting, marking, splitting
from review.access import Access, Door, _local, is_loopback
from review.completion import OFTEN, Bodies
from review.fields import meaning_of
from review.leases import LEASE_SECONDS, Leases
from review.words import percent, speaker


def line(text: str, top: float, page: int = 1, left: float = 100.0) -> Paragraph:
    """A paragraph of one line, ten points a sign."""
    pieces, at = [], 0
    for word in text.split(" "):
        box = Box(left + 10 * at, top, left + 10 * (at + len(word)), top + 10)
        pieces.append(Piece(at, at + len(word), page, box))
        at += len(word) + 1
    return Paragraph(text, page=page, pieces=tuple(pieces))


BLOCKS = (
    line("Sở Y tế báo cáo", 100),
    line("trước ngày 30/6", 120),
    Grid(
        1,
        2,
        (Cell(0, 0, paragraphs=(line("ô một", 200),)), Cell(0, 1, paragraphs=(line("ô hai", 200, left=300),))),
    ),
    line("trang sau", 100, page=2),
)


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        ((135, 105), (165, 105), "Y tế"),  # within one line
        ((165, 105), (135, 105), "Y tế"),  # dragged backwards
        ((185, 105), (195, 125), "báo cáo trước ngày"),  # over a line's end
        ((90, 90), (105, 95), "Sở"),  # outside: the nearest word
        ((105, 205), (145, 205), "ô một"),  # in a cell
        ((105, 205), (345, 205), "ô một ô hai"),  # over two cells
    ],
)
def test_a_drag_over_a_page_is_text(start: tuple[float, float], end: tuple[float, float], text: str) -> None:
    found = marking.between(BLOCKS, 1, start, end)
    assert found is not None
    assert found.text == text
    assert {place["page"] for place in found.places} == {1}


def test_a_page_without_words_gives_nothing() -> None:
    assert marking.between(BLOCKS, 9, (0, 0), (1, 1)) is None


def test_marks_hold_numbers_only() -> None:
    places = [{"field": "text", "block": 0, "start": 0, "end": 2, "page": 1, "box": [100, 100, 120, 110]}]
    assert marking.drawn(places, 1, 2.0).count("<rect") == 1
    assert marking.drawn(places, 2, 2.0) == ""


def test_a_text_is_escaped_and_marked() -> None:
    blocks = (Paragraph("a <script>x</script> & b"), Grid(1, 1, (Cell(0, 0, paragraphs=(Paragraph("<b>"),)),)))
    places = [{"field": "lead", "block": 0, "start": 2, "end": 10}]
    shown = marking.written(blocks, places)
    assert '<mark class="mark-lead">&lt;script&gt;</mark>' in shown
    assert "<script>" not in shown
    assert "&lt;b&gt;" in shown


def test_bodies_and_deadline_keep_their_colours_within_the_task() -> None:
    """In a text, as over a page; what is handed down is told apart."""
    words = "Bộ Y tế rà soát trước 30/6"
    spans = (("text", 0, len(words)), ("lead", 0, 7), ("deadline", 16, len(words)))
    places = [{"field": field, "block": 0, "start": start, "end": end} for field, start, end in spans]
    places.append({"field": "coop", "block": 1, "start": 0, "end": 99, "handed_down": True})
    assert marking.written((Paragraph(words), Paragraph("Sở A:")), places) == (
        '<p><mark class="mark-lead">Bộ Y tế</mark><mark class="mark-text"> rà soát </mark>'
        '<mark class="mark-deadline">trước 30/6</mark></p><p><mark class="mark-coop handed-down">Sở A:</mark></p>'
    )


@pytest.mark.parametrize(
    ("state", "confidences", "level"),
    [
        ("on", [0.5], 0.873),  # the threshold, whether any task reaches it or not
        ("not_enough", [0.5, 0.96, 0.99], 0.99),
        ("not_enough", [0.5, 0.93], 0.9),  # the highest that one reaches
        ("refuted", [0.5], 0.99),  # none
        ("off", [], 0.99),
    ],
)
def test_the_level_from_which_tasks_are_accepted_together(
    state: str, confidences: list[float], level: float
) -> None:
    def item(sure: float) -> Item:
        return cast(Item, SimpleNamespace(review="open", conflicts=(), confidence={"overall": sure}))

    now = cast(Standing, SimpleNamespace(state=state, threshold=0.873))
    assert accepting.first_level([item(sure) for sure in confidences], now) == level


def test_words_selected_in_a_text_are_found_where_they_stand() -> None:
    assert marking.of_words(BLOCKS, "ngày  30/6").places[0]["block"] == 1
    assert marking.of_words(BLOCKS, "không có ở đây").places == []
    assert marking.of_words(BLOCKS, "ô hai", among={0, 1}).places == []


@pytest.mark.parametrize(
    ("text", "marked", "parts"),
    [
        # nothing marked: the clauses
        ("Sở Y tế báo cáo; Sở Nội vụ trình.", [], ["Sở Y tế báo cáo;", "Sở Nội vụ trình."]),
        # one part marked: what is left of the text is the other, on either side
        ("Sở Y tế báo cáo, Sở Nội vụ trình.", ["Sở Nội vụ trình."], ["Sở Y tế báo cáo,", "Sở Nội vụ trình."]),
        ("a b c", ["b"], ["a", "b", "c"]),
        # words of elsewhere beside the text as it is
        ("Sở Y tế báo cáo.", ["ở trang sau"], ["Sở Y tế báo cáo.", "ở trang sau"]),
        # several marked: these alone
        ("a b c", ["a", "c"], ["a", "c"]),
    ],
)
def test_the_parts_a_task_falls_into(text: str, marked: list[str], parts: list[str]) -> None:
    found = splitting.parts_of(text, [marking.Selection(one, []) for one in marked])
    assert [part.text for part in found] == parts


MEASURES = {"bias", "covered", "alike", "own_covered", "own_alike", "own_shared", "other_period", *NAMES, *AMONG}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_links_two_tasks_is_said_in_words(language: str) -> None:
    weights = tomllib.loads(Path("extractors/data/linking.toml").read_text("utf-8"))["among_rivals"]
    codes = {code for code in weights if code not in MEASURES}
    codes |= {"same_wording", "part_of_wording", "like_wording"}
    assert {f"links.{code}" for code in codes} <= set(catalogue(language))


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("BTC", "Bộ Tài chính"),  # a symbol
        ("bộ tài", "Bộ Tài chính"),  # a beginning
        ("bo tai ch", "Bộ Tài chính"),  # without marks
        ("ubnd tỉnh x", "UBND tỉnh X"),  # one the register has seen
    ],
)
def test_bodies_are_completed(typed: str, first: str) -> None:
    assert seen_bodies().complete(typed)[0] == first


def seen_bodies() -> Bodies:
    """The gazetteer's, and two of a register: one that tasks bear, one that was read once."""
    bodies = Bodies()
    bodies.note(["UBND tỉnh X", "UBND tỉnh X", "UBND tỉnh XY"])
    return bodies


def test_what_was_read_once_is_not_offered_but_what_a_person_gave_is() -> None:
    bodies = seen_bodies()
    assert bodies.complete("ubnd tinh x") == ["UBND tỉnh X"]
    bodies.note(["UBND tỉnh XY"], OFTEN)
    assert bodies.complete("ubnd tinh x") == ["UBND tỉnh X", "UBND tỉnh XY"]


@pytest.mark.parametrize("typed", ["", "   ", "qqqq"])
def test_nothing_is_completed_to_nothing(typed: str) -> None:
    assert Bodies().complete(typed) == []


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("bo y te", "Bộ Y tế"),  # as typed in haste
        ("Bộ  Y tế", "Bộ Y tế"),
        ("ubnd tinh x", "UBND tỉnh X"),  # seen in this register
        ("y te", None),  # only a part of names
        ("Ban Cứu nạn", None),
        ("", None),
    ],
)
def test_only_what_is_typed_in_full_is_a_body(typed: str, name: str | None) -> None:
    assert seen_bodies().named(typed) == name


def test_a_lease_ends_by_itself_or_when_given_back() -> None:
    clock = [0.0]
    leases = Leases(lambda: clock[0])
    assert leases.take("t1", "page of An", "An") is None
    assert leases.take("t1", "page of Bình", "Bình") == "An"
    assert leases.others("page of Bình") == {"t1": "An"}
    assert leases.others("page of An") == {}
    clock[0] = LEASE_SECONDS + 1
    assert leases.take("t1", "page of Bình", "Bình") is None
    leases.give_back("page of Bình")
    assert leases.take("t1", "page of An", "An") is None


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("10.0.0.5", False),
        ("x", False),
    ],
)
def test_what_is_this_machine_alone(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/task/1?order=pooled", "/task/1?order=pooled"),
        ("//x", "/"),
        ("https://x/", "/"),
        ("/\\x", "/"),
        ("x", "/"),
    ],
)
def test_the_login_leads_only_here(target: str, expected: str) -> None:
    assert _local(target) == expected


@pytest.mark.parametrize(("value", "shown"), [(0.996, "99 %"), (1.0, "100 %"), (0.5, "50 %"), (0.0, "0 %")])
def test_certainty_is_never_rounded_up_to(value: float, shown: str) -> None:
    assert percent(speaker("vi"), value) == shown
    assert percent(speaker("en"), value) == shown.replace(" ", "")


@pytest.mark.parametrize("has_left", [True, False])
def test_only_a_browser_that_hung_up_is_no_error(tmp_path: Path, has_left: bool) -> None:
    """Before its answer was there; anything else that fails is told."""

    async def pages(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        raise RuntimeError("No response returned.")

    async def receive() -> Message:
        return {"type": "http.disconnect" if has_left else "http.request"}

    async def send(message: Message) -> None:
        raise AssertionError("nothing is sent")

    scope = {"type": "http", "method": "GET", "path": "/style.css", "headers": [(b"host", b"127.0.0.1:80")]}
    answer = Access(pages, Door(tmp_path, "127.0.0.1", 80))(scope, receive, send)
    with contextlib.nullcontext() if has_left else pytest.raises(RuntimeError):
        asyncio.run(answer)


def test_each_language_speaks_for_itself() -> None:
    assert (speaker("vi")("accept"), speaker("en")("accept"), speaker("xx")("accept")) == (
        "Nhận",
        "Accept",
        "Nhận",
    )


def test_a_late_answer_is_for_words_that_stand_no_more() -> None:
    """Readings of a deadline may come in any order: only that of what stands in the entry counts."""
    entry = SimpleNamespace(value="")
    answers: dict[str, asyncio.Future[str]] = {}

    class Slow:
        register = None

        async def ask(self, function: object, register: None, typed: str, letter: object) -> str:
            return await answers.setdefault(typed, asyncio.get_running_loop().create_future())

    async def typed(words: str) -> object:
        entry.value = words
        event = SimpleNamespace(sender=entry, value=words)
        return await meaning_of(Slow(), event, {})  # type: ignore[arg-type]

    async def both() -> list[object]:
        asked = [asyncio.create_task(typed(words)) for words in ("30/6", "30/6/2026")]
        await asyncio.sleep(0)
        for words in ("30/6/2026", "30/6"):
            answers[words].set_result(f"đọc {words}")
        return list(await asyncio.gather(*asked))

    assert asyncio.run(both()) == [None, "đọc 30/6/2026"]


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        ("document", ("received", "read", "extracted", "failed", "split")),  # documents.status
        ("status", ("open", "orphan", "accepted", "approved", "rejected")),
        ("act", ("accept", "approve", "correct", "reject", "reopen", "split", "merge", "add")),
        ("field", (*review_items.FIELDS, "review")),
        ("head", letter_acts.LETTER_FIELDS),
        ("export", exporting.FORMS),
    ],
)
def test_every_code_the_page_shows_has_its_words(table: str, codes: tuple[str, ...]) -> None:
    for language in ("vi", "en"):
        assert [code for code in codes if speaker(language)(f"{table}_{code}") == f"{table}_{code}"] == []
