"""What corrections teach: aliases and confidence, tried on letters held back, switched on and back as events."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from extractors import confidence, extract
from extractors.agencies.tokens import key
from models import Document, Office, Paragraph
from pipeline import acceptance, learning
from pipeline.cli import main
from pipeline.dictionary import vietnamese
from pipeline.errors import WrongUse
from pipeline.learning import _Said
from pipeline.owner import own
from pipeline.register import Register, open_register
from pipeline.settings import Settings
from pipeline.store import Store, dump
from pipeline.work import silent
from tests.letters import LETTER
from tests.test_store import extracted

WRITTEN, MEANT = "Trung tâm KSBT", "Trung tâm Kiểm soát bệnh tật tỉnh"


@pytest.fixture
def settings() -> Settings:
    return Settings(settle_seconds=0.0, incomplete_seconds=0.0, workers=0)


def letters(register: Register, count: int, each: int = 8, first: int = 0, agreed: bool = False) -> None:
    """Letters of tasks: in each the first two are led by a body that no list knows, the last is none at all.

    A person has put the first two right, rejected the last, and accepted the others; or accepted all, as `agreed`.
    """
    corrected: list[dict[str, Any]] = []
    for number in range(first, first + count):
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
            verdict = "rejected" if rejected and not agreed else "accepted"
            corrected.append({"task_id": task_id, "field": "review", "seen": "open", "value": verdict})
            if unknown and not agreed:
                corrected.append({"task_id": task_id, "field": "lead", "seen": [name], "value": [MEANT]})
        register.record("extracted", extracted(document, *tasks, letter=document))
    register.record(
        "reviewed", {"act": "accept", "document": f"d{first}", "task_id": "x", "who": "An", "corrected": corrected}
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
    # What is in force has seen all these letters: nothing can be said against it on them.
    assert learning.propose(register).new == 0
    with pytest.raises(WrongUse) as raised:
        learning.learn(register, silent, who="An", switch_on=True)
    assert raised.value.code == "too_little_new"
    # Another version, and back to the first, and to none.
    letters(register, 4, first=6)
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
    again = Store(tmp_path / "again.duckdb", tmp_path, meanings=vietnamese().meanings)
    again.catch_up(register.journal)
    mine, theirs = dump(register.store.rows), dump(again.rows)
    mine.pop("agencies"), theirs.pop("agencies")
    assert mine == theirs
    again.close()
    register.rebuild()
    assert register.office.aliases == {}


def test_what_gains_nothing_is_not_switched_on(register: Register) -> None:
    # Of the letters reviewed last all is right, where those before teach to doubt it.
    letters(register, 6)
    letters(register, 4, first=6, agreed=True)
    proposal = learning.propose(register)
    assert proposal.gain is not None and not proposal.gain.is_surer
    assert proposal.gain.after["log_loss"] > proposal.gain.before["log_loss"]
    # The same of the alias: those who let the name stand say that it breaks more than it mends.
    assert (proposal.calibration, proposal.aliases) == (None, ())
    with pytest.raises(WrongUse) as raised:
        learning.learn(register, silent, who="An", switch_on=True)
    assert raised.value.code == "nothing_gained"
    assert learning.versions(register) == []


def test_aliases_can_be_switched_on_without_a_calibration(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters(register, 6)
    monkeypatch.setattr(learning.Gain, "is_surer", False)
    learning.learn(register, silent, who="An", switch_on=True)
    assert (acceptance.in_force(register), register.office.aliases) == (
        confidence.shipped(),
        {key(WRITTEN): MEANT},
    )
    learning.learn(register, silent, who="An", back=learning.SHIPPED)
    learning.learn(register, silent, who="An", back="1")
    assert register.office.aliases == {key(WRITTEN): MEANT}


def test_a_name_mended_since_counts_as_right(register: Register) -> None:
    letters(register, 1)
    before = [one.lead for one in acceptance.reviewed(register)]
    tasks = [{"name": MEANT, "as_written": WRITTEN, "via": "learned"}]
    again = extracted(
        "d0", {"task_id": "d0-0", "ordinal": 0, "status": "current", "text": "Việc số 0 của d0", "leads": tasks}
    )
    register.record("extracted", again)
    assert before[0] is False and acceptance.reviewed(register)[0].lead is True


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


def test_the_commands_of_who_administers_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "giaoviec.toml").write_text("workers = 0\n")

    def reviews(count: int, first: int = 0) -> None:
        owner = own(home, "test")
        assert owner is not None
        with open_register(home, Settings(workers=0), owner) as register:
            letters(register, count, first=first)

    def learn(*words: str) -> str:
        done = CliRunner().invoke(main, ["--home", str(home), "learn", *words])
        assert done.exit_code in (0, 2), done.output
        return " ".join(done.output.split())

    reviews(5)
    assert "cần ít nhất 40 nhiệm vụ đã rà soát trong 6 văn bản" in learn()
    assert "cần ít nhất 40 nhiệm vụ" in learn("--switch-on") and "Chưa có phiên bản học nào" in learn("--versions")
    reviews(5, first=5)
    proposed = learn()
    assert f"Tên gọi mới: {WRITTEN} → {MEANT} (20 nhiệm vụ)" in proposed
    assert "Thử trên 3 văn bản rà soát sau cùng, 24 nhiệm vụ" in proposed and "sửa đúng 6" in proposed
    assert "giaoviec learn --switch-on (bỏ: giaoviec learn --back shipped)" in proposed
    assert "Chưa có phiên bản học nào" in learn("--versions")  # shown, not switched on
    assert "Đang dùng phiên bản 1" in learn("--switch-on", "--who", "An")
    assert "từ khi dùng phiên bản 1 mới rà soát 0 văn bản, cần ít nhất 2" in learn()
    assert "Không có phiên bản 7; có: shipped, 1." in learn("--back", "7")
    assert "Đang dùng phiên bản shipped" in learn("--back", "shipped", "--who", "Bình")
    known = learn("--versions")
    assert "1 │" in known and "An │ 80 │ 1 │" in known and "Bình │ – │ 0 │ đang dùng" in known
