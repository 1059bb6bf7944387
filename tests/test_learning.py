"""What corrections teach: aliases and confidence, tried on letters held back, switched on and back as events."""

from pathlib import Path
from typing import Any

import pytest

from extractors import confidence, extract
from extractors.agencies.tokens import key
from models import Document, Office, Paragraph
from pipeline import acceptance, learning
from pipeline.errors import WrongUse
from pipeline.learning import _Said
from pipeline.register import Register
from pipeline.settings import Settings
from pipeline.store import Store, dump
from pipeline.work import silent
from tests.letters import LETTER
from tests.test_store import extracted

WRITTEN, MEANT = "Trung tâm KSBT", "Trung tâm Kiểm soát bệnh tật tỉnh"


@pytest.fixture
def settings() -> Settings:
    return Settings(settle_seconds=0.0, incomplete_seconds=0.0, workers=0)


def letters(register: Register, count: int, each: int = 8) -> None:
    """Letters of tasks: in each the first two are led by a body that no list knows, the last is none at all.

    A person has put the first two right, rejected the last, and accepted the others.
    """
    corrected: list[dict[str, Any]] = []
    for number in range(count):
        document = f"d{number}"
        register.record(
            "received",
            {"document": document, "name": f"{document}.pdf", "media_type": "pdf", "size": 1, "drop": document},
        )
        tasks: list[dict[str, Any]] = []
        for n in range(each):
            task_id, unknown, rejected = f"{document}-{n}", n < 2, n == each - 1
            name, via = (WRITTEN, "as_written") if unknown else ("Sở Y tế", "column")
            tasks.append(
                {
                    "task_id": task_id,
                    "ordinal": n,
                    "status": "current",
                    "text": f"Việc số {n} của {document}",
                    "leads": [{"name": name, "as_written": name, "via": via}],
                    "confidence": {"text": 0.8, "lead": 0.8, "deadline": 0.9, "overall": 0.6},
                    "evidence": {
                        "text": ["unmarked_paragraph" if rejected else "list_item"],
                        "lead": ["column", *(["unknown_body"] if unknown else [])],
                        "deadline": ["no_deadline"],
                    },
                }
            )
            verdict = "rejected" if rejected else "accepted"
            corrected.append({"task_id": task_id, "field": "review", "seen": "open", "value": verdict})
            if unknown:
                corrected.append({"task_id": task_id, "field": "lead", "seen": [name], "value": [MEANT]})
        register.record("extracted", extracted(document, *tasks, letter=document))
    register.record(
        "reviewed", {"act": "accept", "document": "d0", "task_id": "x", "who": "An", "corrected": corrected}
    )


def test_little_teaches_nothing(register: Register) -> None:
    letters(register, learning.LEAST_DOCUMENTS - 1)
    proposal = learning.propose(register)
    assert (proposal.reviewed, proposal.documents, proposal.gain) == (40, 5, None)
    with pytest.raises(WrongUse):
        learning.learn(register, silent, who="An", switch_on=True)
    assert learning.versions(register) == []


def test_a_proposal_is_tried_on_letters_it_has_not_seen(register: Register) -> None:
    letters(register, 10)
    before = register.journal.last
    proposal = learning.propose(register)
    assert register.journal.last == before  # looking changes nothing
    assert proposal.gain is not None and proposal.calibration is not None
    assert [(alias.written, alias.name, alias.tasks) for alias in proposal.aliases] == [(WRITTEN, MEANT, 20)]
    assert (proposal.gain.documents, proposal.gain.records) == (3, 24)
    assert (proposal.gain.mended, proposal.gain.broken) == (6, 0)
    # Which records are wrong is told here by names of evidence alone: what is learned ranks them perfectly.
    assert proposal.gain.after["aurc"] == pytest.approx(proposal.gain.after["aurc_perfect"])
    assert proposal.gain.after["ece"] < proposal.gain.before["ece"]
    assert proposal.gain.before["right"] == proposal.gain.after["right"] == 5 / 8


def test_switching_on_and_going_back_are_events(register: Register, tmp_path: Path) -> None:
    letters(register, 6)
    shipped = acceptance.in_force(register)
    assert shipped == confidence.shipped()
    learning.learn(register, silent, who="An", switch_on=True)
    assert register.office.aliases == {key(WRITTEN): MEANT}
    one = acceptance.in_force(register)
    assert one.version == "1" and one.lead != shipped.lead
    # Another version, and back to the first, and to none.
    letters_after = learning.learn(register, silent, who="Bình", switch_on=True)
    assert letters_after["version"] == "2"
    learning.learn(register, silent, who="An", back="1")
    assert acceptance.in_force(register) == one
    learning.learn(register, silent, who="An", back=learning.SHIPPED)
    assert (acceptance.in_force(register), register.office.aliases) == (shipped, {})
    assert [(v.version, v.who) for v in learning.versions(register)] == [
        ("1", "An"),
        ("2", "Bình"),
        ("1", "An"),
        ("shipped", "An"),
    ]
    with pytest.raises(WrongUse, match="9"):
        learning.learn(register, silent, who="An", back="9")
    # The journal alone gives the same register.
    again = Store(tmp_path / "again.duckdb", tmp_path)
    again.catch_up(register.journal)
    mine, theirs = dump(register.store.rows), dump(again.rows)
    mine.pop("agencies"), theirs.pop("agencies")
    assert mine == theirs
    again.close()
    register.rebuild()
    assert register.office.aliases == {}


def test_what_a_version_was_fitted_to_does_not_confirm_it(register: Register) -> None:
    letters(register, 6)
    learning.learn(register, silent, who="An", switch_on=True)
    assert acceptance.standing(register).reviewed == 0
    learning.learn(register, silent, who="An", back=learning.SHIPPED)
    since = acceptance.reviewed(register)
    assert len(since) == 48


def said(written: str, machine: tuple[str, ...], person: tuple[str, ...], document: str = "d") -> _Said:
    return _Said(document, {machine[0]: written}, machine, person)


@pytest.mark.parametrize(
    ("corrections", "aliases"),
    [
        ([said("TT KSBT", ("TT KSBT",), (MEANT,))] * 2, [("TT KSBT", MEANT)]),
        # once is chance
        ([said("TT KSBT", ("TT KSBT",), (MEANT,))], []),
        # beside a body that was right
        ([said("TT KSBT", ("TT KSBT", "Sở Y tế"), ("Sở Y tế", MEANT))] * 2, [("TT KSBT", MEANT)]),
        # people do not agree; or let it stand elsewhere
        ([said("TT KSBT", ("TT KSBT",), (MEANT,))] * 2 + [said("TT KSBT", ("TT KSBT",), ("Sở Y tế",))], []),
        ([said("TT KSBT", ("TT KSBT",), (MEANT,))] * 2 + [said("TT KSBT", ("TT KSBT",), ("TT KSBT",))], []),
        # which of two it was is not told
        ([said("TT KSBT", ("TT KSBT",), (MEANT, "Sở Y tế"))] * 2, []),
        # a known body that was the wrong one is no alias of the right one
        ([_Said("d", {}, ("Sở Nội vụ",), ("Sở Y tế",))] * 3, []),
    ],
)
def test_which_corrections_make_an_alias(corrections: list[_Said], aliases: list[tuple[str, str]]) -> None:
    assert [(alias.written, alias.name) for alias in learning.aliases_of(corrections)] == aliases


UNIT = "Trung tâm Kiểm soát bệnh tật tỉnh"


def first_leads(office: Office) -> list[tuple[str, str | None, str]]:
    blocks = tuple(Paragraph(line) for line in LETTER.format(number=7).split("\n") if line.strip())
    letter = extract(Document("x", "text/plain", "test", blocks=blocks), office)
    return [(lead.name, lead.as_written, lead.via) for lead in letter.tasks[0].leads]


def test_extraction_goes_by_the_aliases_learned() -> None:
    assert first_leads(Office()) == [(UNIT, UNIT, "form")]
    assert first_leads(Office(aliases={key(UNIT): "Sở Khoa học và Công nghệ"})) == [
        ("Sở Khoa học và Công nghệ", UNIT, "learned")
    ]
    assert first_leads(Office(aliases={key("Trung tâm khác"): "Sở Y tế"})) == [(UNIT, UNIT, "form")]
