"""Bodies that a letter calls by short forms, under their full names: its own for them, or its ministry's."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from extractors import agencies, finish
from extractors.agencies import aliases, short_names
from extractors.agencies.tokens import key
from extractors.scopes import Context
from models import AgencyMention, Block, Letter, Paragraph, Task


def under_full_names(tasks: Sequence[Task], blocks: Sequence[Block], letter: Letter, given: Context) -> list[Task]:
    """The tasks of a letter, their bodies under full names where one name is all that a short form can mean."""
    names = {body.name for task in tasks for body in _named(task)}
    shorts = {name for name in names if short_names.may_be_short(name)}
    if not shorts:
        return list(tasks)
    issuers = [issuer for issuer in (letter.organ_name, letter.organ_parent) if issuer]
    fulls = {*(names - shorts), *_units(issuers), *_written_out(shorts, blocks, given)} - shorts
    meant = short_names.meant(shorts, fulls)
    return [_renamed(task, meant, given) if any(b.name in meant for b in _named(task)) else task for task in tasks]


def _named(task: Task) -> Iterator[AgencyMention]:
    """The bodies of a task that no reviewer has taught a name of."""
    return (body for body in (*task.leads, *task.coops) if body.via != aliases.LEARNED)


def _units(issuers: Iterable[str]) -> Iterator[str]:
    """The units of the ministries among some issuers."""
    for issuer in issuers:
        yield from short_names.units().get(key(issuer), ())


def _written_out(shorts: Iterable[str], blocks: Sequence[Block], given: Context) -> Iterator[str]:
    """Names of bodies in what may hold the full names of short forms: it has the first word of one."""
    heads = {f"{short_names.head_of_full(short)} " for short in shorts}
    for block in blocks:
        texts = [block.text] if isinstance(block, Paragraph) else [cell.text for cell in block.cells]
        for text in texts:
            if any(head in text for head in heads):
                yield from (body.name for body in agencies.find(text, given.agencies) if body.kind != "collective")


def _renamed(task: Task, meant: Mapping[str, str], given: Context) -> Task:
    """A task whose bodies have the names meant, and whether it is ours by these."""
    leads = _under(task.leads, meant)
    coops = finish.without(_under(task.coops, meant), leads)
    concerns_us = agencies.concern(leads, coops, task.text, given.agencies)
    our_role = agencies.our_role(leads, coops, task.text, given.agencies) if concerns_us != "no" else None
    return msgspec.structs.replace(task, leads=leads, coops=coops, concerns_us=concerns_us, our_role=our_role)


def _under(bodies: Sequence[AgencyMention], meant: Mapping[str, str]) -> tuple[AgencyMention, ...]:
    """Bodies under the names meant, each once."""
    unique: dict[str, AgencyMention] = {}
    for body in bodies:
        name = body.name if body.via == aliases.LEARNED else meant.get(body.name, body.name)
        unique.setdefault(name, msgspec.structs.replace(body, name=name))
    return tuple(unique.values())
