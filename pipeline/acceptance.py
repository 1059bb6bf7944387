"""Records accepted unseen: how sure is sure enough, whether this office's reviews confirm it, what is audited.

The threshold is the lowest calibrated confidence at which this office's own reviews confirm the target: people
have looked at so many records above it that their error is shown to be under `target_error` (`error_bounds`: 299
without an error show 1 %). Before that nothing is accepted. Reviews from before a new calibration was switched on
do not count for it: it was fitted to them.
"""

import hashlib
import weakref
from collections.abc import Iterable
from typing import Any, Literal

import msgspec

from extractors import confidence
from models import Calibration, Evidence
from pipeline import evaluate
from pipeline.days import iso
from pipeline.error_bounds import confirmed, is_refuted, missing, most_error, nearest, tried, wanted
from pipeline.register import MACHINE, Register

State = Literal["off", "not_enough", "refuted", "on"]


class Standing(msgspec.Struct, frozen=True):
    """How acceptance unseen stands.

    `off`: the setting says so. `not_enough`: `missing` more reviewed records above the threshold, without an
    error, are wanted. `refuted`: even of the surest reviewed more are wrong than the target. `threshold` is the
    one that is confirmed, else the one that is nearest to it; `reviewed` and `wrong` count records above it
    that people have looked at since `version` of confidence is in force (`learned`: from this office's
    reviews), `most_error` is what their error is at most, `acceptable` are open records above it. `accepted`
    were accepted unseen; of the `audited`, drawn to be looked at all the same, people have looked at
    `audited_reviewed`.
    """

    state: State
    target: float
    threshold: float
    version: str
    learned: bool
    reviewed: int
    wrong: int
    missing: int
    most_error: float
    acceptable: int
    records: int
    accepted: int
    audited: int
    audited_reviewed: int
    audited_wrong: int

    @property
    def observed_error(self) -> float | None:
        """The share of audited records that were wrong; None while none has been looked at."""
        return self.audited_wrong / self.audited_reviewed if self.audited_reviewed else None


class Reviewed(msgspec.Struct, frozen=True):
    """A machine-read record that a person has looked at: which fields are right as read now.

    What a person set is compared, as the scorer does, with what the machine reads now, for evidence and confidence
    are of that reading.
    `lead` and `deadline` are None where it was rejected. `seq` is the review's event.
    """

    task_id: str
    document: str
    evidence: Evidence
    confidence: float
    text: bool
    lead: bool | None
    deadline: bool | None
    seq: int

    @property
    def right(self) -> bool:
        """Whether text, leads and deadline all were."""
        return bool(self.text and self.lead and self.deadline)


# What is known


def standing(register: Register) -> Standing:
    """How acceptance stands now."""
    with register.store.gate:
        settings, store = register.settings, register.store
        target, version = settings.target_error, in_force(register).version
        # Reviews from before this version came cannot confirm it; the one that ships was fitted to none.
        since = store.value(
            "SELECT coalesce(min(seq), 0) FROM calibrations WHERE calibration IS NOT NULL AND version = ?",
            [version],
        )
        known = reviewed(register)
        steps = tried(((one.confidence, one.right) for one in known if one.seq > since), target)
        found = confirmed(steps, target)
        shown = found or nearest(steps, target)
        state: State = "on" if found else "refuted" if is_refuted(steps, target) else "not_enough"
        if not settings.accept_unseen:
            state = "off"
        counts = store.records(
            """SELECT count(*) AS records,
                count(*) FILTER (status = 'open' AND confidence >= ?) AS acceptable FROM current_tasks""",
            [shown.threshold],
        )[0]
        drawn = {t for (t,) in store.rows("SELECT task_id FROM acceptances WHERE outcome = 'audited'")}
        audited = [r for r in known if r.task_id in drawn]
        accepted = store.value(
            """SELECT count(*) FROM last_corrections()
            WHERE field = 'review' AND who = ? AND (value ->> '$') = 'accepted'""",
            [MACHINE],
        )
        return Standing(
            state=state,
            target=target,
            threshold=shown.threshold,
            version=version,
            learned=register.office.calibration is not None,
            reviewed=shown.records,
            wrong=shown.wrong,
            missing=missing(shown, target),
            most_error=most_error(shown.wrong, shown.records),
            acceptable=counts["acceptable"],
            records=counts["records"],
            accepted=accepted,
            audited=len(drawn),
            audited_reviewed=len(audited),
            audited_wrong=sum(not r.right for r in audited),
        )


def reviewed(register: Register) -> list[Reviewed]:
    """Every record the machine read and a person accepted, corrected and accepted, or rejected."""
    rows = register.store.records(
        """WITH said AS (
            SELECT task_id, field, arg_min(seen, seq) AS seen, arg_max(value, seq) AS value,
                arg_max(who, seq) AS who, max(seq) AS seq
            FROM corrections
            WHERE undoes IS NULL AND seq NOT IN (SELECT undoes FROM corrections WHERE undoes IS NOT NULL)
            GROUP BY task_id, field)
        SELECT t.task_id, t.document_sha256, t.evidence, t.confidence,
            t.text, t.lead, t.deadline_kind, t.deadline_date,
            review.value ->> '$' AS review, review.seq AS seq,
            text.value AS said_text, lead.value AS said_lead, deadline.value AS said_deadline
        FROM tasks t
        JOIN said review ON review.task_id = t.task_id AND review.field = 'review'
        LEFT JOIN said text ON text.task_id = t.task_id AND text.field = 'text'
        LEFT JOIN said lead ON lead.task_id = t.task_id AND lead.field = 'lead'
        LEFT JOIN said deadline ON deadline.task_id = t.task_id AND deadline.field = 'deadline'
        WHERE t.status = 'current' AND review.who <> ?
            AND (review.value ->> '$') IN ('accepted', 'approved', 'rejected')
        ORDER BY review.seq, t.task_id""",
        [MACHINE],
    )
    return [_reviewed(row) for row in rows]


def _reviewed(row: dict[str, Any]) -> Reviewed:
    text, lead, deadline = (_json(row[f"said_{field}"]) for field in ("text", "lead", "deadline"))
    text_right = row["review"] != "rejected" and (text is None or _same_text(row["text"], text))
    lead_right = lead is None or evaluate.names(row["lead"]) == evaluate.names(lead)
    read = {"kind": row["deadline_kind"], "date": iso(row["deadline_date"])}
    deadline_right = deadline is None or _due(read) == _due(deadline)
    told = msgspec.json.decode(row["evidence"], type=Evidence) if row["evidence"] else Evidence()
    return Reviewed(
        row["task_id"],
        row["document_sha256"],
        told,
        row["confidence"],
        text_right,
        lead_right if text_right else None,
        deadline_right if text_right else None,
        row["seq"],
    )


def _json(value: str | None) -> Any:
    return None if value is None else msgspec.json.decode(value)


def _same_text(read: str, said: str) -> bool:
    """Whether a person's text is the task the machine read, as the scorer pairs tasks."""
    return read == said or bool(evaluate.pairs(*([{"text": text, "lead": []}] for text in (read, said))))


def _due(deadline: dict[str, Any]) -> tuple[str, str | None]:
    return evaluate.due({"deadline_kind": deadline.get("kind"), "deadline_date": deadline.get("date")})


# Accepting


def accept(register: Register, documents: Iterable[str] | None = None) -> dict[str, int]:
    """Accept what may be accepted unseen, in some documents or all; draw the audited; reopen what has changed.

    One event a document. Returns how many were accepted, audited (left open for a person) and reopened.
    """
    done = {"accepted": 0, "audited": 0, "reopened": 0}
    with register.store.gate:
        if _is_idle(register):
            return done
        now = _remembered(register)
        chosen = list(documents) if documents is not None else None
        settled = [
            *_changed(register, now, chosen),
            *(_candidates(register, now, chosen) if now.state == "on" else ()),
        ]
        by_document: dict[str, list[dict[str, Any]]] = {}
        for document, one in settled:
            by_document.setdefault(document, []).append(one)
            done[one["outcome"]] += 1
        for document, several in by_document.items():
            register.record(
                "accepted_unseen",
                {
                    "document": document,
                    "threshold": now.threshold,
                    "version": in_force(register).version,
                    "settled": several,
                    "who": MACHINE,
                },
            )
    return done


def _is_idle(register: Register) -> bool:
    """Whether nothing can be accepted, and nothing has been that could be opened again; asked for every letter."""
    store = register.store
    if store.rows("SELECT 1 FROM acceptances LIMIT 1"):
        return False
    looked_at = store.value(
        "SELECT count(DISTINCT task_id) FROM corrections WHERE field = 'review' AND who <> ?", [MACHINE]
    )
    return not register.settings.accept_unseen or looked_at < wanted(0, register.settings.target_error)


_DIGEST = "md5(concat_ws('|', text, lead::VARCHAR, deadline_kind, deadline_date::VARCHAR))"


def _candidates(
    register: Register, now: Standing, documents: list[str] | None
) -> list[tuple[str, dict[str, Any]]]:
    """Open records above the threshold that nobody has touched: accepted, or audited where the draw says so."""
    rows = register.store.records(
        f"""SELECT task_id, document_sha256, confidence, {_DIGEST} AS digest FROM current_tasks
        WHERE status = 'open' AND confidence >= $threshold
            AND ($documents IS NULL OR list_contains($documents, document_sha256))
            AND NOT ($own_dated AND concerns_us = 'named' AND deadline_kind <> 'none')
            AND task_id NOT IN (SELECT task_id FROM last_corrections() WHERE who <> $machine)
            AND task_id NOT IN (SELECT task_id FROM acceptances WHERE outcome = 'audited')
            AND task_id IN (SELECT task_id FROM tasks WHERE status = 'current')
        ORDER BY document_sha256, ordinal""",
        {
            "threshold": now.threshold,
            "documents": documents,
            "own_dated": register.settings.review_own_dated,
            "machine": MACHINE,
        },
    )
    share = register.settings.audit_share
    return [
        (
            row["document_sha256"],
            {
                "task_id": row["task_id"],
                "outcome": "audited" if is_drawn(row["task_id"], share) else "accepted",
                "confidence": row["confidence"],
                "digest": row["digest"],
            },
        )
        for row in rows
    ]


def _changed(register: Register, now: Standing, documents: list[str] | None) -> list[tuple[str, dict[str, Any]]]:
    """Records accepted unseen that the machine has since read otherwise, or is no longer sure of."""
    rows = register.store.records(
        f"""SELECT t.task_id, t.document_sha256, t.confidence, {_DIGEST} AS digest
        FROM tasks t
        JOIN last_corrections() c ON c.task_id = t.task_id AND c.field = 'review' AND c.who = $machine
            AND (c.value ->> '$') = 'accepted'
        JOIN (SELECT task_id, arg_max(digest, seq) AS accepted_as FROM acceptances
            WHERE outcome = 'accepted' GROUP BY task_id) a ON a.task_id = t.task_id
        WHERE ($documents IS NULL OR list_contains($documents, t.document_sha256))
            AND t.task_id NOT IN (SELECT task_id FROM last_corrections() WHERE who <> $machine)
            AND (t.status <> 'current' OR {_DIGEST} <> accepted_as OR t.confidence < $threshold)
        ORDER BY t.document_sha256, t.ordinal""",
        {"machine": MACHINE, "documents": documents, "threshold": now.threshold},
    )
    return [
        (
            row["document_sha256"],
            {
                "task_id": row["task_id"],
                "outcome": "reopened",
                "confidence": row["confidence"],
                "digest": row["digest"],
            },
        )
        for row in rows
    ]


def is_drawn(task_id: str, share: float) -> bool:
    """Whether a record is one of those audited all the same: the draw is the task's id, the same every time."""
    drawn = int.from_bytes(hashlib.sha256(task_id.encode()).digest()[:8], "big")
    return drawn < share * 2**64


def in_force(register: Register) -> Calibration:
    """The calibration by which confidence is told now: the office's own, else the one that ships."""
    return register.office.calibration or confidence.shipped()


_known: "weakref.WeakKeyDictionary[Register, tuple[tuple[Any, ...], Standing]]" = weakref.WeakKeyDictionary()


def _remembered(register: Register) -> Standing:
    """The standing, worked out anew only when people have reviewed something or the calibration is another.

    Every letter asks for it; what a single letter changes of the threshold waits for the next review.
    """
    key = (
        *register.store.rows("SELECT max(seq) FROM corrections WHERE who <> ?", [MACHINE])[0],
        in_force(register).version,
    )
    if register not in _known or _known[register][0] != key:
        _known[register] = (key, standing(register))
    return _known[register][1]
