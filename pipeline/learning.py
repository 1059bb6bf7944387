"""What an office's corrections teach: aliases of bodies, and confidence fitted to its own letters.

Nothing is switched on unseen: a proposal is made from earlier reviews and tried on the letters reviewed last,
which neither it nor what is in force has seen; the gain there is shown first, and what gains nothing is not
switched on.
Every version is an event; going back is one more of them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from extractors import confidence
from extractors.agencies.tokens import key
from models import Calibration
from pipeline import acceptance, calibration, evaluate, work
from pipeline.acceptance import Reviewed
from pipeline.calibration import Judged
from pipeline.errors import WrongUse
from pipeline.publish import publish
from pipeline.register import MACHINE, Register
from pipeline.reports import Report

LEAST_RECORDS, LEAST_DOCUMENTS = 40, 6
"""Fewer reviewed records, or in fewer letters, teach nothing that could be tried on others."""

HELD_BACK = 0.3
"""Share of the reviewed letters, the last ones, on which a proposal is tried."""

LEAST_HELD = 2
"""In fewer letters reviewed since a version came into force nothing can be said against it."""

LEAST_SAID = 2
"""So many tasks must say that a name means a body before it is proposed as an alias."""

SHIPPED = "shipped"
"""The version before anything was learned."""


class Alias(msgspec.Struct, frozen=True):
    """A name that letters write and reviewers replaced: by which body, and in how many tasks."""

    written: str
    name: str
    tasks: int


class Gain(msgspec.Struct, frozen=True):
    """What a proposal does to letters held back: figures before and after, leads mended and broken."""

    documents: int
    records: int
    before: dict[str, float]
    after: dict[str, float]
    mended: int
    broken: int

    @property
    def is_surer(self) -> bool:
        """Whether what is said of the records is nearer to the truth than before."""
        return self.after["log_loss"] < self.before["log_loss"]


class Proposal(msgspec.Struct, frozen=True):
    """What is learned from all reviews, and the gain of the same learned without the letters held back.

    `new` counts the letters reviewed since `in_force` came. `gain` is None where there is too little to hold any
    back; then there is nothing to switch on. `aliases` are none where those tried break more leads than they mend,
    `calibration` is None where confidence gains nothing.
    """

    version: str
    in_force: str
    reviewed: int
    documents: int
    new: int
    aliases: tuple[Alias, ...]
    calibration: Calibration | None
    gain: Gain | None


class Version(msgspec.Struct, frozen=True):
    """What was switched on, when (UTC), by whom, from how many records it is; the last one is in force."""

    seq: int
    version: str
    recorded_at: str
    who: str
    aliases: dict[str, str]
    records: int


# What corrections say


class _Said(msgspec.Struct, frozen=True):
    """A reviewed task's leads: as the machine named them with how it wrote them, and as a person says."""

    document: str
    written: dict[str, str]
    machine: tuple[str, ...]
    person: tuple[str, ...]


def _said(register: Register) -> list[_Said]:
    """Leads of every reviewed task that was not rejected; `written` has only bodies that no list knows."""
    rows = register.store.records(
        """WITH said AS (
            SELECT task_id, arg_max(value, seq) FILTER (field = 'lead') AS lead,
                arg_max(value ->> '$', seq) FILTER (field = 'review') AS review,
                arg_max(who, seq) FILTER (field = 'review') AS who
            FROM corrections
            WHERE undoes IS NULL AND seq NOT IN (SELECT undoes FROM corrections WHERE undoes IS NOT NULL)
            GROUP BY task_id)
        SELECT t.document_sha256, t.lead AS machine, s.lead AS person,
            list_filter(a.bodies, b -> b.via IN ('as_written', 'form')) AS unknown
        FROM tasks t JOIN said s USING (task_id)
        LEFT JOIN (SELECT task_id, list(struct_pack(name := name, as_written := as_written, via := via)) AS bodies
            FROM task_agencies WHERE role = 'lead' GROUP BY task_id) a USING (task_id)
        WHERE t.status = 'current' AND s.review IN ('accepted', 'approved') AND s.who <> ?
        ORDER BY t.document_sha256, t.ordinal""",
        [MACHINE],
    )
    return [
        _Said(
            row["document_sha256"],
            {body["name"]: body["as_written"] or body["name"] for body in row["unknown"] or ()},
            tuple(row["machine"]),
            tuple(msgspec.json.decode(row["person"]) if row["person"] else row["machine"]),
        )
        for row in rows
    ]


def aliases_of(said: Sequence[_Said]) -> tuple[Alias, ...]:
    """Names of unknown bodies that people always replaced by the same one, and did so often enough."""
    meant: dict[str, dict[str, int]] = {}
    shown: dict[str, str] = {}
    for one in said:
        gone = [name for name in one.machine if name not in one.person]
        come = [name for name in one.person if name not in one.machine]
        for name, written in one.written.items():
            shown.setdefault(key(written), written)
            if name in one.person:
                # Left as it was by somebody who looked: what it is called, then.
                _count(meant, key(written), name)
            elif gone == [name] and len(come) == 1:
                _count(meant, key(written), come[0])
    return tuple(
        Alias(shown[written], next(iter(names)), count)
        for written, names in sorted(meant.items())
        if len(names) == 1 and (count := sum(names.values())) >= LEAST_SAID and key(next(iter(names))) != written
    )


def _count(meant: dict[str, dict[str, int]], written: str, name: str) -> None:
    meant.setdefault(written, {})[name] = meant.get(written, {}).get(name, 0) + 1


def as_mapping(aliases: Sequence[Alias]) -> dict[str, str]:
    """Aliases as extraction looks them up."""
    return {key(alias.written): alias.name for alias in aliases}


def _leads(one: _Said, aliases: Mapping[str, str]) -> frozenset[str]:
    """The leads the machine would have named, had it known the aliases."""
    return evaluate.names(aliases.get(key(one.written.get(name, "")), name) for name in one.machine)


# Proposing


def propose(register: Register) -> Proposal:
    """What the reviews so far teach, tried on the letters reviewed last."""
    with register.store.gate:
        reviewed, said = acceptance.reviewed(register), _said(register)
        in_force, known = acceptance.in_force(register), versions(register)
    version = f"{1 + len({v.version for v in known} - {SHIPPED})}"
    now = next((v for v in known if v.version == known[-1].version), None)
    first = {one.document: one.seq for one in reversed(reviewed)}
    order = list(dict.fromkeys(one.document for one in reviewed))  # by the first review of each
    # What is in force was fitted to the letters before it: on them nothing else could do better.
    new = [document for document in order if now is None or now.version == SHIPPED or first[document] > now.seq]
    proposal = Proposal(
        version, now.version if now else SHIPPED, len(reviewed), len(order), len(new), (), None, None
    )
    if len(reviewed) < LEAST_RECORDS or len(order) < LEAST_DOCUMENTS or len(new) < LEAST_HELD:
        return proposal
    held = set(new[-max(LEAST_HELD, round(HELD_BACK * len(order))) :])
    earlier = _fitted([one for one in reviewed if one.document not in held], version)
    tried = as_mapping(aliases_of([one for one in said if one.document not in held]))
    later = [one for one in said if one.document in held]
    rows = [_judged(one) for one in reviewed if one.document in held]
    gain = Gain(
        documents=len(held),
        records=len(rows),
        before=_figures(rows, in_force),
        after=_figures(rows, earlier),
        mended=sum(_leads(one, {}) != evaluate.names(one.person) == _leads(one, tried) for one in later),
        broken=sum(_leads(one, {}) == evaluate.names(one.person) != _leads(one, tried) for one in later),
    )
    return msgspec.structs.replace(
        proposal,
        aliases=aliases_of(said) if gain.broken <= gain.mended else (),
        calibration=_fitted(reviewed, version) if gain.is_surer else None,
        gain=gain,
    )


def _judged(one: Reviewed) -> Judged:
    return Judged(one.document, one.evidence, one.text, one.lead, one.deadline)


def _fitted(reviewed: Sequence[Reviewed], version: str) -> Calibration:
    """Confidence drawn from what ships towards what these reviews found."""
    rows = [_judged(one) for one in reviewed]
    return calibration.fit(rows, version, f"{len(rows)} reviewed records", prior=confidence.shipped())


def _figures(rows: Sequence[Judged], by: Calibration) -> dict[str, float]:
    told = [(chance, right) for _, chance, right in calibration.told_by(rows, by)]
    return {
        "right": sum(right for _, right in told) / len(told),
        "mean_confidence": sum(chance for chance, _ in told) / len(told),
        "log_loss": calibration.log_loss(told),
        **{name: float(value) for name, value in evaluate.calibration(told).items()},
    }


# Switching on, and back


def versions(register: Register) -> list[Version]:
    """What was switched on so far, oldest first; the version before all of them is `shipped`."""
    rows = register.store.records(
        """SELECT seq, version, recorded_at, who, aliases,
            coalesce((calibration ->> 'records')::INTEGER, 0) AS records
        FROM calibrations ORDER BY seq"""
    )
    return [
        Version(
            row["seq"],
            row["version"],
            row["recorded_at"].isoformat(),
            row["who"],
            msgspec.json.decode(row["aliases"]) if row["aliases"] else {},
            row["records"],
        )
        for row in rows
    ]


def learned_versions(register: Register, report: Report) -> dict[str, Any]:
    """What was switched on so far."""
    return {"versions": msgspec.to_builtins(versions(register))}


def learn(
    register: Register,
    report: Report,
    *,
    who: str,
    switch_on: bool = False,
    back: str | None = None,
) -> dict[str, Any]:
    """Propose what the reviews teach; with `switch_on` use it from now on, with `back` a version of before again.

    Letters already read are extracted anew, so that their tasks are named and judged alike.
    """
    if back is not None:
        return _go_back(register, report, back, who)
    proposal = propose(register)
    if not switch_on:
        return {"proposal": msgspec.to_builtins(proposal)}
    if proposal.gain is None:
        if proposal.reviewed < LEAST_RECORDS or proposal.documents < LEAST_DOCUMENTS:
            raise WrongUse("too_little_to_learn", records=LEAST_RECORDS, documents=LEAST_DOCUMENTS)
        raise WrongUse("too_little_new", version=proposal.in_force, documents=LEAST_HELD)
    if proposal.calibration is None and not proposal.aliases:
        raise WrongUse("nothing_gained", version=proposal.in_force)
    aliases = {**register.office.aliases, **as_mapping(proposal.aliases)}
    learned = proposal.calibration or register.office.calibration
    again = _switch(register, report, proposal.version, learned, aliases, who)
    return {"proposal": msgspec.to_builtins(proposal), "version": proposal.version, **again}


def _go_back(register: Register, report: Report, version: str, who: str) -> dict[str, Any]:
    if version == SHIPPED:
        return {"version": SHIPPED, **_switch(register, report, SHIPPED, None, {}, who)}
    rows = register.store.rows(
        "SELECT calibration, aliases FROM calibrations WHERE version = ? ORDER BY seq LIMIT 1", [version]
    )
    if not rows:
        known = ", ".join(dict.fromkeys((SHIPPED, *(v.version for v in versions(register)))))
        raise WrongUse("no_such_version", version=version, versions=known)
    kept, aliases = rows[0]
    again = _switch(
        register,
        report,
        version,
        msgspec.json.decode(kept, type=Calibration) if kept else None,
        msgspec.json.decode(aliases) if aliases else {},
        who,
    )
    return {"version": version, **again}


def _switch(
    register: Register,
    report: Report,
    version: str,
    learned: Calibration | None,
    aliases: dict[str, str],
    who: str,
) -> dict[str, Any]:
    """Put a version in force and extract anew; what was accepted unseen and is less sure now is opened again."""
    data = {"version": version, "calibration": msgspec.to_builtins(learned), "aliases": aliases, "who": who}
    register.record("learned", data)
    documents = [
        s for (s,) in register.store.rows("SELECT document_sha256 FROM documents WHERE reading IS NOT NULL")
    ]
    found = work.reextract(register, documents, report)
    publish(register)
    return found
