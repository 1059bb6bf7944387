"""Letterheads and cited documents against gold: `NAME.meta.json` beside a document, one value a field.

A field is right where its words agree (`evaluate.normal`); a cited document where one is read whose words hold the
gold's, or the gold's hold its, with the same number, and whose date is the same.
"""

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from extractors import extract
from models import Citation, Letter, Office
from pipeline import reading
from pipeline.evaluate import SUFFIXES, normal


class Cited(msgspec.Struct, frozen=True):
    """A document that a letter cites, and its date where the letter gives it."""

    text: str
    date: datetime.date | None = None


class Gold(msgspec.Struct, frozen=True):
    """What a `.meta.json` says; None where the letter does not say it."""

    number: str | None = None
    symbol: str | None = None
    issued_on: datetime.date | None = None
    place: str | None = None
    issuer: str | None = None
    subject: str | None = None
    recipients: tuple[str, ...] = ()
    signer: str | None = None
    signer_title: str | None = None
    doc_type: str | None = None
    incoming_number: str | None = None
    incoming_date: datetime.date | None = None
    cited_documents: tuple[Cited, ...] = ()


def report(folder: Path, office: Office) -> str:
    """The share of fields and of cited documents read right, with what was not. Raises FileNotFoundError."""
    lines: list[str] = []
    right = wanted = 0
    for gold_file in sorted(folder.glob("*.meta.json")):
        name = gold_file.name.removesuffix(".meta.json")
        path = next((p for suffix in SUFFIXES if (p := folder / f"{name}{suffix}").is_file()), None)
        if path is None:
            continue
        gold = msgspec.json.decode(gold_file.read_bytes(), type=Gold)
        letter = extract(reading.read(path, media_type=reading.media_type(path), sha256=""), office)
        found = [*fields(gold, letter), *citations(gold.cited_documents, letter.citations)]
        right += sum(agrees for _, _, agrees in found)
        wanted += len(found)
        lines += [f"[{field}] {path.name}: {expected}" for field, expected, agrees in found if not agrees]
    if not wanted:
        raise FileNotFoundError(f"no document with a letterhead's gold in {folder}")
    return "\n".join([f"exact {right}/{wanted} {right / wanted:.4f}", *lines])


def fields(gold: Gold, letter: Letter) -> list[tuple[str, str, bool]]:
    """Every field that gold has: (name, value, whether it was read so)."""
    read: dict[str, Any] = {
        "number": letter.code_number,
        "symbol": letter.code_notation,
        "issued_on": letter.issued_date,
        "place": letter.place,
        "issuer": letter.organ_name,
        "subject": letter.subject,
        "recipients": tuple(recipient.name for recipient in letter.recipients),
        "signer": letter.signer_full_name,
        "signer_title": letter.signer_position,
        "doc_type": letter.doc_type,
        "incoming_number": letter.arrival_number,
        "incoming_date": letter.arrival_date,
    }
    wanted = {name: getattr(gold, name) for name in read if getattr(gold, name)}
    return [(name, str(value), _words(value) == _words(read[name])) for name, value in wanted.items()]


def citations(gold: Sequence[Cited], read: Sequence[Citation]) -> list[tuple[str, str, bool]]:
    """Every cited document that gold has: (`cited`, its words, whether it was read)."""
    return [("cited", cited.text, any(_same(cited, citation) for citation in read)) for cited in gold]


def _same(cited: Cited, citation: Citation) -> bool:
    gold, read = normal(cited.text), normal(citation.text)
    if cited.date is not None and cited.date != citation.issued_on:
        return False
    number = normal(citation.number)
    return gold in read or (read in gold and number in gold.split())


def _words(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(normal(part) for part in value)
    return normal(str(value)) if value is not None else None
