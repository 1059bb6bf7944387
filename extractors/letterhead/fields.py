"""What each field of the frame says, from the lines told to be it."""

import datetime
import re
from collections.abc import Sequence
from typing import get_args

from extractors import citations, secrecy
from extractors.letterhead import wording
from extractors.letterhead.lines import Line
from models import Block, Citation, Paragraph, Recipient
from models.letter import Authority, Secrecy, Urgency


def of_kind(lines: Sequence[Line], *kinds: str) -> list[Line]:
    """The lines told to be one of these kinds."""
    return [line for line in lines if line.kind in kinds]


def number(lines: Sequence[Line], unknown: dict[str, str]) -> tuple[str | None, str | None]:
    """Number and symbol; a number left blank for the stamp is `blank_number`."""
    for line in of_kind(lines, "number"):
        match = wording.NUMBER.search(line.text)
        if match is None:
            continue
        notation = re.sub(r"\s", "", match["notation"]).replace("–", "-").rstrip(".")
        number = match["number"]
        if number is None:
            unknown["code_number"] = "blank_number"
        elif match["year"]:
            number = f"{number}/{match['year']}"
        return number, notation
    return None, None


def date_and_place(lines: Sequence[Line], unknown: dict[str, str]) -> tuple[datetime.date | None, str | None]:
    """The date beside the number, and the place it names; a day left blank is `blank_day`.

    They stand under the motto (Nghị định 30/2020/NĐ-CP, Phụ lục I); days in the subject under the number are
    others', but for one with its place behind the subject, where the lines of both columns were read as one.
    """
    texts = [
        wording.SUBJECT_BESIDE.split(wording.NUMBER.sub(" ", line.text) if line.kind == "number" else line.text)
        for line in of_kind(lines, "date", "number", "motto")
    ]
    found = [wording.dated(wording.without_motto(text)) for text, *_ in texts]
    for match in [*found, *(wording.PLACED.search(subject) for _, *subjects in texts for subject in subjects)]:
        if match is None:
            continue
        place = (match["place"] or "").strip(" ,.-–*") or None
        day, month, year = match["day"], match["month"] or match["month2"], match["year"] or match["year2"]
        if not day or not month:
            unknown["issued_date"] = "blank_day"
            return None, place
        try:
            return datetime.date(int(year), int(month), int(day)), place
        except ValueError:
            unknown["issued_date"] = "no_such_day"
            return None, place
    return None, None


def annexed(blocks: Sequence[Block], lines: Sequence[Line]) -> Citation | None:
    """The main letter, where this document begins as an annex."""
    if of_kind(lines, "number"):
        return None
    for block in blocks[:12]:
        if isinstance(block, Paragraph) and (named := citations.annexed_to(block.text)):
            return named
    return None


def from_main_letter(
    annexed: Citation,
    number: str | None,
    notation: str | None,
    issued: datetime.date | None,
    unknown: dict[str, str],
) -> tuple[str | None, str | None, datetime.date | None]:
    """Number, symbol and day of an annex: its own, else those of its letter."""
    for field in ("code_number", "code_notation", "issued_date"):
        unknown.pop(field, None)
    return number or annexed.number, notation or annexed.notation, issued or annexed.issued_on


def organs(lines: Sequence[Line]) -> tuple[str | None, str | None]:
    """Issuer and the body above it: names in capitals before the number; a line that is no name's head runs on."""
    names: list[str] = []
    for line in lines:
        if line.part != "head":
            continue
        if line.kind in ("title", "subject", "annexed"):
            break
        text = wording.without_motto(line.text) if line.kind == "motto" else line.text
        if line.kind == "number":
            match = wording.NUMBER.search(text)
            text = text[: match.start()] if match else ""
        heads_alone = line.kind == "authority" and not names  # `CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH A` over the number
        if (line.kind not in ("organ", "motto", "number") and not heads_alone) or not wording.is_capitals(text):
            continue
        text = text.strip(wording.RULES)
        if names and (not wording.words().organ_head.match(text) or names[-1].endswith((" VÀ", ","))):
            names[-1] = f"{names[-1]} {text}"
        elif text:
            names.append(text)
    if not names:
        return None, None
    return names[-1], names[-2] if len(names) > 1 else None


def doc_type(lines: Sequence[Line], notation: str | None) -> str | None:
    """By the title line, else by the symbol; a symbol that begins with the issuer is a công văn's."""
    for line in of_kind(lines, "title"):
        match = wording.words().title.fullmatch(line.text)
        if match:
            return next(
                t.name
                for t in citations.document_types()
                if match["type"] in (t.name.upper(), *(n.upper() for n in t.also))
            )
    if notation is None:
        return None
    return citations.type_of_symbol(notation) or "Công văn"


def subject(lines: Sequence[Line]) -> str | None:
    """After `V/v` in a công văn, as `V/v` is written; under the title elsewhere."""
    if of_kind(lines, "subject"):
        return " ".join(line.text.strip(wording.RULES) for line in of_kind(lines, "subject", "subject_more"))
    for line in of_kind(lines, "number"):
        if (found := re.search(r"V\s?/[vV]\s{0,2}[:.]?\s{0,3}(?P<subject>\S.{3,})$", line.text)) is not None:
            more = [line.text.strip(wording.RULES) for line in of_kind(lines, "subject_more")]
            return " ".join([found["subject"].strip(wording.RULES), *more])  # one line holds number and subject
    titles = of_kind(lines, "title")
    rest = [m["rest"] for line in titles if (m := wording.words().title.fullmatch(line.text)) and m["rest"]]
    return " ".join(rest + [line.text for line in of_kind(lines, "title_subject")]) or None


def recipients(lines: Sequence[Line]) -> tuple[Recipient, ...]:
    """Those the letter is addressed to (`Kính gửi:`; in a telegram, whom it is wired)."""
    names: list[str] = []
    for line in lines:
        if line.part != "recipients":
            continue
        text = wording.ADDRESSED.sub("", wording.WIRED.sub("", line.text))
        if names and names[-1].strip() and not line.bullet and not names[-1].rstrip().endswith((";", ".", ":")):
            names[-1] = f"{names[-1].rstrip()} {text}"  # a name that goes on in the next line
        else:
            names.append(text)
    parted = [
        part for name in names for part in re.split(r"\s{0,2};\s{0,3}(?:[-–]\s)?", wording.BULLET.sub("", name))
    ]
    return tuple(Recipient(name) for part in parted if (name := part.strip(" .;,/")))


_PURPOSE = re.compile(
    r"\s{0,2}[(,]\s{0,2}(?P<purpose>"
    r"(?:để\s|b/c|báo cáo|phối hợp|thực hiện|chỉ đạo|theo dõi|đăng tải|biết)[^()]{0,60}?)\)?$",
    re.IGNORECASE,
)


def copies(lines: Sequence[Line]) -> tuple[Recipient, ...]:
    """Those under `Nơi nhận`, with what for in brackets."""
    found: list[Recipient] = []
    for line in lines:
        if line.part != "copies":
            continue
        for part in wording.COPIES.sub("", line.text).split(";"):
            name = part.strip(" .,/")
            if not name:
                continue
            purpose = _PURPOSE.search(name)
            found.append(
                Recipient(name[: purpose.start()] if purpose else name, purpose["purpose"] if purpose else None)
            )
    return tuple(found)


def signer(lines: Sequence[Line]) -> tuple[str | None, str | None, Authority | None, str | None]:
    """Position, full name, authority, and the collective signed for (`TM. TỔ CÔNG TÁC`), as written.

    Of two authorities the person's own counts: `TM. ỦY BAN NHÂN DÂN`, `KT. CHỦ TỊCH`, `PHÓ CHỦ TỊCH` is KT.
    """
    authority: Authority | None = None
    collective: str | None = None
    full_name: str | None = None
    positions: list[str] = []
    for line in lines:
        match = wording.AUTHORITY.match(line.text)
        if match and wording.is_capitals(line.text):
            code: Authority = {"TM": "TM.", "KT": "KT.", "TL": "TL.", "TUQ": "TUQ.", "Q": "Q."}[match["authority"]]  # type: ignore[assignment]
            if code == "TM.":
                collective = match["whom"]
            if authority in (None, "TM."):
                authority = code
            if code == "Q.":
                positions.append(line.text)
            elif code in ("KT.", "TL.", "TUQ."):
                positions.clear()
        elif wording.NAME.match(line.text) and not wording.is_capitals(line.text):
            full_name = line.text
        elif wording.is_capitals(line.text):
            positions.append(line.text)
    return ", ".join(positions) or None, full_name, authority, collective


def urgency(lines: Sequence[Line]) -> Urgency | None:
    """The mark of urgency, where one stands on a line of its own."""
    marks = (wording.mark(line.text, get_args(Urgency)) for line in of_kind(lines, "urgency"))
    return next((mark for mark in marks if mark), None)


def secrecy_mark(blocks: Sequence[Block]) -> Secrecy | None:
    """The mark of secrecy (Luật Bảo vệ bí mật nhà nước), where the letter bears one."""
    mark = secrecy.of_blocks(blocks).mark
    return next((known for known in get_args(Secrecy) if known == mark), None)


def stamps(blocks: Sequence[Block], lines: Sequence[Line]) -> list[Paragraph]:
    """The incoming stamps: those told apart on the page, and the lines of the head that are one."""
    found = [block for block in blocks if isinstance(block, Paragraph) and block.role == "stamp"]
    text = "\n".join(line.text for line in of_kind(lines, "stamp"))
    return [*found, Paragraph(text)] if text else found


_DRAFT_MARK = re.compile(r"\W*DỰ\s+THẢO(?:\s+(?:LẦN\s+)?[0-9IVX]{1,3})?(?:\W+NGÀY\W+[0-9/.-]+)?\W*", re.IGNORECASE)

_LONGEST_IN_HEAD = 60


def is_draft(lines: Sequence[Line]) -> bool:
    """Whether the mark DỰ THẢO stands at the head; one below a letter's text is that of its enclosure."""
    for line in lines:
        if line.part in ("recipients", "basis") or (line.part == "body" and len(line.text) > _LONGEST_IN_HEAD):
            return False
        if _DRAFT_MARK.fullmatch(line.text):
            return True
    return False
