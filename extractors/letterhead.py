"""The frame of a letter: who wrote it, its number and date, to whom, what about, who signed, what stamps it bears.

Forms: Nghị định 30/2020/NĐ-CP Phụ lục I (state), Hướng dẫn 36-HD/VPTW (Party). The two columns of head and foot
come as separate paragraphs, as cells of a borderless table, or as one line with both; an annex has no head and
names its letter (`Kèm theo Quyết định số …`). `parts` says which blocks are frame and which are body; `read`
takes the frame apart. What cannot be read is None, with the reason in `unknown`.
"""

import datetime
import functools
import itertools
import re
import tomllib
from collections.abc import Iterator, Sequence
from importlib import resources
from typing import Literal, get_args

import msgspec
from rapidfuzz import fuzz

from extractors import arrivals, citations, secrecy
from extractors.citations import CAPITAL
from models import Block, Citation, Grid, Letter, LetterRelation, Office, Paragraph, Recipient
from models.letter import Authority, Secrecy, Urgency

Part = Literal["head", "basis", "recipients", "copies", "signature", "stamp", "body", "furniture"]

HEAD_BLOCKS = 40
"""How many blocks from the top are searched for parts of the head."""

LONGEST_SYMBOL = 30
"""Characters of a document's number and symbol that a subject goes on with in its next line."""

MOTTO_LIKENESS = 82
"""Least likeness, of 100, at which capitals count as a motto misread by recognition."""

RULES = " *-–_~|."
"""What the rules under names and mottos become when they are read as letters."""

CAPITALS = 0.85
"""Least share of capital letters in a line of a body's name or a signer's position."""


class LetterParts(msgspec.Struct, frozen=True):
    """Indexes of the blocks that make up each part, in order; every block is in exactly one.

    `head` includes mottos, number, date, issuer, type and subject; `basis` the `Căn cứ` lines; `copies` the
    `Nơi nhận`. A data table is always body.
    """

    head: tuple[int, ...] = ()
    basis: tuple[int, ...] = ()
    recipients: tuple[int, ...] = ()
    copies: tuple[int, ...] = ()
    signature: tuple[int, ...] = ()
    stamp: tuple[int, ...] = ()
    body: tuple[int, ...] = ()
    furniture: tuple[int, ...] = ()


class _Line(msgspec.Struct, frozen=True):
    """One paragraph of a block or of a cell of a head or foot table, and the part it was told to be."""

    block: int
    text: str
    bullet: bool = False
    numbered: bool = False
    grid: bool = False
    prominent: bool = False
    part: Part = "body"
    kind: str | None = None


_NO_OFFICE = Office()


def parts(blocks: Sequence[Block]) -> LetterParts:
    """Which blocks are the letter's frame and which its body."""
    by_block: dict[int, Part] = {}
    for line in _told(blocks):
        # A table that holds several parts goes by the first that is no body.
        if by_block.get(line.block, "body") == "body":
            by_block[line.block] = line.part
    grouped: dict[str, list[int]] = {part: [] for part in get_args(Part)}
    for index in range(len(blocks)):
        grouped[by_block.get(index, "body")].append(index)
    return LetterParts(**{part: tuple(indexes) for part, indexes in grouped.items()})


def bears_motto(blocks: Sequence[Block]) -> bool:
    """Whether a motto of the state or the Party stands among the first lines."""
    return any(_motto(line.text) for line in itertools.islice(_lines(blocks), HEAD_BLOCKS))


def read(blocks: Sequence[Block], reference: datetime.date | None = None, office: Office = _NO_OFFICE) -> Letter:
    """The letter without its tasks.

    `reference`: the day it was received, for a stamp that leaves out the year; `office` tells our own stamp.
    """
    lines = _told(blocks)
    unknown: dict[str, str] = {}
    number, notation = _number(lines, unknown)
    issued_date, place = _date_and_place(lines, unknown)
    annexed = _annexed(blocks, lines)
    if annexed is not None:
        number, notation, issued_date = _from_main_letter(annexed, number, notation, issued_date, unknown)
    organ_name, organ_parent = _organs(lines)
    signature = [line for line in lines if line.part == "signature"]
    position, full_name, authority, collective = _signer(signature)
    organ_name = organ_name or collective or (citations.issuer(annexed) if annexed else None)
    doc_type = _doc_type(lines, notation) or (annexed.doc_type if annexed else None)
    subject = _subject(lines)
    arrival = arrivals.read(_stamps(blocks, lines), office, issued_date, reference)
    unknown |= arrival.unknown
    found = {
        "doc_type": doc_type,
        "code_number": number,
        "code_notation": notation,
        "issued_date": issued_date,
        "organ_name": organ_name,
        "subject": subject,
        "signer_full_name": full_name,
    }
    for field, value in found.items():
        if value is None:
            unknown.setdefault(field, "not_found")
        else:
            unknown.pop(field, None)
    return Letter(
        doc_type=doc_type,
        code_number=number,
        code_notation=notation,
        issued_date=issued_date,
        place=place,
        organ_name=organ_name,
        organ_parent=organ_parent,
        subject=subject,
        recipients=_recipients(lines),
        copies=_copies(lines),
        signer_position=position,
        signer_full_name=full_name,
        signer_authority=authority,
        urgency=_urgency(lines),
        secrecy=_secrecy(blocks),
        arrival_number=arrival.number,
        arrival_date=arrival.date,
        citations=_citations(blocks, number, notation),
        relations=_relations(subject, blocks, lines),
        is_draft=_is_draft(lines),
        annexes_named=_annexes_named(blocks),
        unknown=unknown,
    )


_DRAFT_MARK = re.compile(r"\W*DỰ\s+THẢO(?:\s+(?:LẦN\s+)?[0-9IVX]{1,3})?(?:\W+NGÀY\W+[0-9/.-]+)?\W*", re.IGNORECASE)
_LONGEST_IN_HEAD = 60


def _is_draft(lines: Sequence[_Line]) -> bool:
    """Whether the mark DỰ THẢO stands at the head; one below a letter's text is that of its enclosure."""
    for line in lines:
        if line.part in ("recipients", "basis") or (line.part == "body" and len(line.text) > _LONGEST_IN_HEAD):
            return False
        if _DRAFT_MARK.fullmatch(line.text):
            return True
    return False


# ---------------------------------------------------------------- words of the frame, from data


class _Words(msgspec.Struct, frozen=True):
    mottos: tuple[str, ...]
    organ_head: re.Pattern[str]
    position: re.Pattern[str]
    title: re.Pattern[str]


@functools.cache
def _words() -> _Words:
    data = tomllib.loads(resources.files("extractors").joinpath("data/letterhead.toml").read_text("utf-8"))
    types = sorted((name for t in citations.document_types() for name in (t.name, *t.also)), key=len, reverse=True)
    return _Words(
        mottos=tuple(data["mottos"]),
        organ_head=_starting_with(data["organ_heads"]),
        position=_starting_with(data["positions"]),
        # The name of the type alone on its line, or in capitals before the subject on the same line.
        title=re.compile(
            rf"(?P<type>{'|'.join(re.escape(name.upper()) for name in types)})(?:\s*:?$|\s+(?P<rest>\S.*))"
        ),
    )


def _starting_with(names: Sequence[str]) -> re.Pattern[str]:
    alternatives = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?:{alternatives})(?!\w)")


# ---------------------------------------------------------------- patterns of the frame

_GROUP = r"[A-ZĐƯ][A-Za-zĐđƯư&.]{0,11}[0-9]{0,3}"
_NUMBER = re.compile(
    r"(?:^|(?<=\s))(?:[Ss][ốôoó]|SỐ)\s{0,3}[:.]?\s{0,3}(?P<number>[0-9]{1,5}[a-z]?)?[\s.…_]{0,24}"
    rf"(?:/\s?(?P<year>[12][0-9]{{3}}))?\s{{0,2}}[/\-–]\s{{0,2}}(?P<notation>{_GROUP}(?:\s?[-/–]\s?{_GROUP}){{0,3}})(?!\w)"
)
_DATE = re.compile(
    rf"(?P<place>[{CAPITAL}][^,;:\n0-9]{{1,30}}?)?,?\s{{0,3}}"
    r"ng[àa]y\s{0,3}(?:(?P<day>[0-9]{1,2})|[\s.…_]{0,20})\s{0,3}"
    r"(?:th[áa]ng\s{0,3}(?:(?P<month>[0-9]{1,2})|[\s.…_]{0,20})\s{0,3},?\s{0,2}n[ăa]m\s{0,3}(?P<year>[12][0-9]{3})"
    r"|[-/](?P<month2>[0-9]{1,2})[-/](?P<year2>[12][0-9]{3}))"
)
_COMPLETION = re.compile(
    r"(?<!\w)(?:hoàn thành|hoàn tất|xong|trước|đến|chậm nhất|thời hạn|trong)(?!\w)", re.IGNORECASE
)
_SUBJECT = re.compile(r"^\s{0,3}V\s?[/.]\s?[vV]\s{0,2}[:.]?\s{0,3}(?=\S)|^Về việc\s(?=\S)")
_ADDRESSED = re.compile(r"^\s{0,3}K[íi]nh\s{1,2}g[ửưu]i\s{0,2}:?\s{0,3}", re.IGNORECASE)
# `THỦ TƯỚNG CHÍNH PHỦ điện:` stands in a telegram where a letter has `Kính gửi:`.
_WIRED = re.compile(r"[A-ZĐÀ-ỸƯƠ ]{5,90}\s(?:điện|ĐIỆN)\s?:")
_COPIES = re.compile(r"^\s{0,3}N[ơo]i\s{1,2}nh[ậâa]n\s{0,2}:?\s{0,3}", re.IGNORECASE)
_BASIS = re.compile(r"^(?:Căn cứ|Trên cơ sở|Xét đề nghị|Xét Tờ trình|Theo đề nghị|Thực hiện quy định tại)(?!\w)")
_ENACTING = re.compile(r"^(?:QUYẾT ĐỊNH|QUYẾT NGHỊ|CHỈ THỊ|THÔNG BÁO|YÊU CẦU)\s?:$")
_AUTHORITY = re.compile(r"^(?P<authority>TM|KT|TL|TUQ|Q)\s{0,2}\.\s{0,2}(?P<whom>\S.*)?$")
_ANNEX_TITLE = re.compile(r"^(?:PHỤ LỤC|Phụ lục|BIỂU|Biểu)(?:\s(?:số\s)?[IVXL0-9]{1,5}[A-Za-z]?)?\s?[:.]?(?=\s|$)")
_STAMP = re.compile(
    r"^(?:ĐẾN|CÔNG VĂN ĐẾN)(?:\s|:|$)|ĐẾN\s{0,3}Ngày|^Chuy\s?ển\s?:|^Số và ký hiệu HS"
    r"|^Số\s?:?\s?[0-9]{1,6}(?:$|\s{1,3}ĐẾN)"
)
_RANK = r"(?:Đại tướng|Thượng tướng|Trung tướng|Thiếu tướng|Đại tá|Thượng tá|Trung tá|GS|PGS|TS|ThS|BS|LS)\.?\s?"
_GIVEN = rf"[{CAPITAL}][^\W\d_]{{0,7}}"
_NAME = re.compile(rf"^(?:{_RANK}){{0,4}}{_GIVEN}(?:\s{_GIVEN}){{1,5}}$")
_CLOSING = re.compile(r"\./\.\s{0,3}$")
# Both columns of the foot on one line: a recipient, then capitals of the signature.
_FOOT_LINE = re.compile(
    r"^(?P<left>(?:[-–+•]\s{0,3}|N[ơo]i nh[ậâa]n).{0,120}?[;:.])"
    rf"\s{{1,6}}(?P<right>[{CAPITAL}][{CAPITAL}.,\s]{{3,80}})$"
)
_BULLET = re.compile(r"^\s{0,3}[-–—+•*]\s{0,3}(?=\S)")


def _is_capitals(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return len(letters) >= 3 and sum(c.isupper() for c in letters) >= CAPITALS * len(letters)


# ---------------------------------------------------------------- what each line is


def _lines(blocks: Sequence[Block]) -> Iterator[_Line]:
    """The paragraphs of the text and of head and foot tables, lines with two columns parted."""
    last = len(blocks) - 1
    while last >= 0 and _is_furniture(blocks[last]):
        last -= 1
    for index, block in enumerate(blocks):
        if isinstance(block, Grid):
            if index < HEAD_BLOCKS or index > last - HEAD_BLOCKS:
                yield from _lines_of_grid(index, block)
            else:
                yield _Line(index, "", grid=True)
            continue
        if _is_furniture(block):
            yield _Line(index, block.text, part="stamp" if block.role == "stamp" else "furniture")
            continue
        yield from _lines_of_paragraph(index, block, grid=False)


def _is_furniture(block: Block) -> bool:
    """Whether a block is no part of the text: page numbers, footnotes, stamps told apart on the page."""
    return isinstance(block, Paragraph) and block.role in ("furniture", "footnote", "stamp")


def _lines_of_grid(index: int, grid: Grid) -> Iterator[_Line]:
    """The cells of a small table without a data table's look; any other table is one body line."""
    texts = [p.text for cell in grid.cells for p in cell.paragraphs]
    frame = any(_NUMBER.match(t) or _ADDRESSED.match(t) or _COPIES.match(t) or _motto(t) for t in texts)
    if not frame or grid.columns > 4:
        yield _Line(index, "", grid=True)
        return
    # Column by column: the issuer's column of a head, then the motto's.
    for cell in sorted(grid.cells, key=lambda cell: (cell.column, cell.row)):
        for paragraph in cell.paragraphs:
            yield from _lines_of_paragraph(index, paragraph, grid=True)


def _lines_of_paragraph(index: int, paragraph: Paragraph, grid: bool) -> Iterator[_Line]:
    prominent = paragraph.bold or paragraph.centred or paragraph.role == "heading"
    bullet = paragraph.marker is not None and not paragraph.marker[0].isalnum() and paragraph.marker[0] != "("
    numbered = paragraph.marker is not None and not bullet
    for written in paragraph.text.split("\n"):
        text = " ".join(written.split())
        both = _FOOT_LINE.match(("- " if bullet else "") + text)
        signature = both["right"] if both and _opens_signature(both["right"]) else None
        own = both["left"] if both and signature else text
        cut = _BULLET.sub("", own)
        if cut:
            yield _Line(index, cut, bullet or cut != own, numbered, grid, prominent)
        if signature:
            yield _Line(index, signature, grid=grid, prominent=prominent)


def _opens_signature(text: str) -> bool:
    return bool(_AUTHORITY.match(text) or _words().position.match(text))


def _told(blocks: Sequence[Block]) -> list[_Line]:
    """Every line with its part. The head ends at the first line that is none of its parts."""
    lines = list(_lines(blocks))
    told: list[_Line] = []
    foot = _foot_start(lines)
    state: str | None = None
    above = _head_start(lines)
    in_head = any(_head_kind(line) for line in lines[above : above + HEAD_BLOCKS])
    body_begun = False
    for index, line in enumerate(lines):
        if line.part == "stamp":
            told.append(line)
            continue
        if line.part == "furniture" or index < above:
            told.append(msgspec.structs.replace(line, part="furniture"))
            continue
        if foot is not None and index >= foot:
            state = _foot_state(line, state, lines[index - 1].text if index > foot else "")
            part: Part = "copies" if state == "copies" else "signature" if state == "signature" else "body"
            told.append(msgspec.structs.replace(line, part=part, kind=state))
            continue
        if _is_basis(line, state, lines[index + 1 : index + 2]) and not body_begun:
            state = "basis"
            told.append(msgspec.structs.replace(line, part="basis", kind="basis"))
            continue
        if not in_head:
            body_begun = True
            told.append(line)
            continue
        kind = _head_kind(line) or _continued(line, state, told)
        if (
            kind == "title"
            and _names_issuer(state, told)
            and "number" in map(_head_kind, lines[index + 1 : index + 3])
        ):
            kind = "organ"  # `TỔ CÔNG TÁC TRIỂN KHAI` / `ĐỀ ÁN 06 CỦA CHÍNH PHỦ` over the number
        if kind == "organ" and index + 1 < len(lines) and _STAMP.search(lines[index + 1].text):
            kind = "stamp"  # the receiving office's name heads its stamp
        if kind is None:
            # Marks and the motto may stand between a line that is none of the head's own and its date.
            coming = [
                kind
                for later in lines[index + 1 : index + 7]
                if (kind := _head_kind(later)) not in ("motto", "urgency")
            ]
            in_head = any(kind in ("addressed", "number", "date") for kind in coming[:3])
            in_head = in_head and len(line.text) < 120 and not line.bullet
            body_begun = body_begun or not in_head
            told.append(line)
            continue
        state = kind
        part = "stamp" if kind == "stamp" else "recipients" if kind in ("addressed", "addressee") else "head"
        told.append(msgspec.structs.replace(line, part=part, kind=kind))
    return told


def _head_start(lines: Sequence[_Line]) -> int:
    """Where the head begins: after what a legal portal puts above the text of a document (its name, a summary).

    The motto tells; a name of a body right above it, and a stamp, are the head's. 0 where there is no motto, or
    where a part of a letter stands before it.
    """
    motto = next((i for i, line in enumerate(lines[: 2 * HEAD_BLOCKS]) if _motto(line.text)), 0)
    start = motto
    while start > 0 and (lines[start - 1].block == lines[motto].block or _head_kind(lines[start - 1]) == "organ"):
        start -= 1
    if any(_head_kind(line) in ("addressed", "number", "date", "subject", "stamp") for line in lines[:start]):
        return 0
    return start


def _is_basis(line: _Line, state: str | None, following: Sequence[_Line]) -> bool:
    """Whether a line is one of the grounds of a decision: they end in `;`, the last before the enacting words.

    A sentence that begins with `Căn cứ` and goes on to order something is none.
    """
    if not _BASIS.match(line.text) or line.bullet or line.numbered:
        return False
    enacts = any(_ENACTING.match(later.text) for later in following)
    return line.text.endswith(";") or state == "basis" or enacts


def _head_kind(line: _Line) -> str | None:
    """What a line of a head is by its own form, or None."""
    text = line.text
    if not text or len(text) > 400 or line.numbered:
        return None
    if _ADDRESSED.match(text) or _WIRED.fullmatch(text):
        return "addressed"
    if _STAMP.search(text):
        return "stamp"
    if (number := _NUMBER.search(text)) and (
        number.start() == 0 or _is_organ(_without_motto(text[: number.start()]))
    ):
        return "number"
    if _SUBJECT.match(text):
        return "subject"
    if (date := _DATE.search(text)) and len(text) - len(date[0]) < 4 and not _COMPLETION.search(text):
        return "date"
    if _motto(text):
        return "motto"
    if _mark(text, get_args(Urgency)):
        return "urgency"
    if _ENACTING.match(text):
        return "enacting"
    if _words().title.fullmatch(text) and (line.prominent or text == text.upper()):
        return "title"
    if re.match(r"^\(?(?:Ban hành )?[Kk]èm theo\s", text):
        return "annexed"
    if _is_capitals(text) and _words().position.match(text) and len(text) < 110:
        return "authority"  # who decides, between the title and the grounds of a decision
    return "organ" if _is_organ(text) and not line.bullet else None


def _is_organ(text: str) -> bool:
    return _is_capitals(text) and len(text) < 110 and _words().organ_head.match(text.strip(RULES)) is not None


def _continued(line: _Line, state: str | None, told: Sequence[_Line]) -> str | None:
    """What a line is because of what stands above it: a name or a subject runs on, an addressee follows."""
    text = line.text
    if line.numbered:
        return None
    if state in ("addressed", "addressee"):
        before = told[-1].text.rstrip()
        open_ended = before.endswith((";", ",", ":")) or _ADDRESSED.sub("", before) == ""
        if line.bullet and not before.endswith("."):
            return "addressee"
        runs_on = not before.endswith((".", ";")) and (
            (len(text) < 60 and text.endswith(";")) or _NAMES_THAT_GO_ON.fullmatch(text) is not None
        )
        open_ended = open_ended or runs_on
        return "addressee" if open_ended and len(text) < 240 and not _ends_sentence_of_body(text) else None
    if _names_issuer(state, told) and _is_capitals(text) and len(text) < 110:
        return "organ"
    if state == "number" and told[-1].text.rstrip().endswith(" số") and len(text) < LONGEST_SYMBOL:
        return "subject_more"  # `V/v thực hiện Kế hoạch số` / `61/KH-UBND`
    if state == "organ" and text.strip("*_-– ") == "":
        return "rule"
    if state in ("title", "subject", "title_subject", "subject_more") and line.bullet and _NAMED_HEAD.match(text):
        return "addressee"  # a telegram's list of those it goes to, without `gửi`
    if state in ("title", "subject", "title_subject") and not line.bullet:
        if state == "title" and len(text) < 400:
            return "title_subject"
        if len(text) < 240 and (line.prominent or state == "subject") and not text.endswith((".", ":")):
            return "title_subject" if state != "subject" else "subject_more"
    if state == "subject_more" and line.prominent and len(text) < 160 and not text.endswith((".", ":")):
        return "subject_more"
    return None


def _names_issuer(state: str | None, told: Sequence[_Line]) -> bool:
    """Whether the line before names the issuer, alone or beside the motto (`BỘ VĂN HÓA, THỂ THAO CỘNG HÒA …`)."""
    return state == "organ" or (state == "motto" and _is_organ(_without_motto(told[-1].text)))


# `Sơn, Cao Bằng, Lào Cai và Phú Thọ;`: the end of a list of names whose line was full.
_NAMES_THAT_GO_ON = re.compile(
    r"(?:[A-ZĐÀ-ỸƯƠ][\w.]{0,12}(?: [A-ZĐÀ-ỸƯƠ][\w.]{0,12}){0,5}(?:, | và |[;.]$)){1,40}"
)
_NAMED_HEAD = re.compile(
    r"[-–•+\s]{0,4}(?:Các )?(?:đồng chí )?(?:Bộ trưởng|Thủ trưởng|Chủ tịch|Bí thư|Giám đốc|Tổng Giám đốc|Chủ nhiệm"
    r"|Thống đốc|Tổng Thanh tra|Ủy ban nhân dân|UBND|Tập đoàn|Tổng công ty|Văn phòng|Bộ|Sở|Ban|Công an|Cục)\s"
    r"[^.:]{2,200}(?::[^.:]{2,200})?[;.,]?$"
)


def _ends_sentence_of_body(text: str) -> bool:
    return text.endswith(":") or len(re.findall(r"\.\s", text)) > 1


def _foot_start(lines: Sequence[_Line]) -> int | None:
    """Where the foot begins: `Nơi nhận`, or the signature's first line, whichever comes first."""
    for index, line in enumerate(lines):
        if line.part in ("furniture", "stamp"):
            continue
        if _COPIES.match(line.text) and len(line.text) < 200:
            start = index
            # A signature set before `Nơi nhận` belongs to the foot too.
            while start > 0 and _foot_line(lines[start - 1]) and not _CLOSING.search(lines[start - 1].text):
                start -= 1
            return start
    for index, line in enumerate(lines):
        authority = _AUTHORITY.match(line.text)
        if (
            authority
            and _is_capitals(line.text)
            and any(_NAME.match(later.text) for later in lines[index : index + 8])
        ):
            return index
    return None


def _foot_line(line: _Line) -> bool:
    return (
        line.part not in ("furniture", "stamp")
        and not line.bullet
        and len(line.text) < 90
        and bool(
            (_is_capitals(line.text) and (_AUTHORITY.match(line.text) or _words().position.match(line.text)))
            or _NAME.match(line.text)
        )
    )


def _foot_state(line: _Line, state: str | None, before: str) -> str | None:
    """`copies`, `signature`, or `after` once anything else follows the foot; `before` is the line above."""
    text = line.text
    if state == "after":
        return "after"
    if state == "copies" and before.endswith(",") and text.endswith((";", ",", ".")) and len(text) < 90:
        return "copies"  # a line of recipients that goes on
    if _COPIES.match(text):
        return "copies"
    if (
        not line.bullet
        and len(text) < 120
        and (_AUTHORITY.match(text) or _words().position.match(text))
        and _is_capitals(text)
    ):
        return "signature"
    if not line.bullet and _NAME.match(text) and state in ("signature", "copies"):
        return "signature"
    if (
        state == "signature"
        and not line.bullet
        and _is_capitals(text)
        and len(text) < 90
        and not _ANNEX_TITLE.match(text)
    ):
        # The position may go on over lines; a heading in capitals after the name is an annex's.
        return "signature" if _words().organ_head.match(text) else "after"
    if state == "signature" and re.match(r"^\((?:Đã ký|đã ký|Ký|ký)", text):
        return "signature"
    if state in ("copies", "signature") and line.bullet and not _ANNEX_TITLE.match(text):
        return "copies"
    if state == "copies" and (len(text) < 160 and not _ANNEX_TITLE.match(text) and not _is_capitals(text)):
        return "copies"
    return "after"


def _motto(text: str) -> bool:
    """Whether a line holds a motto of the state or the Party, read well or badly."""
    return _without_motto(text) != text


def _without_motto(text: str) -> str:
    """The line without the motto: what is left is the other column."""
    if len(text) < 12 or len(text) > 160:
        return text
    upper = text.upper()
    for motto in _words().mottos:
        found = fuzz.partial_ratio_alignment(motto, upper, score_cutoff=MOTTO_LIKENESS)
        if found is not None and found.dest_end - found.dest_start > 0.8 * len(motto):
            return " ".join((text[: found.dest_start] + " " + text[found.dest_end :]).split())
    return text


def _mark(text: str, marks: tuple[Urgency, ...]) -> Urgency | None:
    """The mark that makes up the whole line."""
    bare = re.sub(r"[^\w\s]", "", text).strip().replace("HOẢ", "HỎA")
    return next((mark for mark in marks if mark == bare), None)


# ---------------------------------------------------------------- the fields


def _of_kind(lines: Sequence[_Line], *kinds: str) -> list[_Line]:
    return [line for line in lines if line.kind in kinds]


def _number(lines: Sequence[_Line], unknown: dict[str, str]) -> tuple[str | None, str | None]:
    """Number and symbol; a number left blank for the stamp is `blank_number`."""
    for line in _of_kind(lines, "number"):
        match = _NUMBER.search(line.text)
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


def _date_and_place(lines: Sequence[_Line], unknown: dict[str, str]) -> tuple[datetime.date | None, str | None]:
    """The date beside the number, and the place it names; a day left blank is `blank_day`."""
    for line in _of_kind(lines, "date", "number", "motto"):
        text = _NUMBER.sub(" ", line.text) if line.kind == "number" else line.text
        match = _DATE.search(_without_motto(text))
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


def _annexed(blocks: Sequence[Block], lines: Sequence[_Line]) -> Citation | None:
    """The main letter, where this document begins as an annex."""
    if _of_kind(lines, "number"):
        return None
    for block in blocks[:12]:
        if isinstance(block, Paragraph) and (named := citations.annexed_to(block.text)):
            return named
    return None


def _from_main_letter(
    annexed: Citation,
    number: str | None,
    notation: str | None,
    issued: datetime.date | None,
    unknown: dict[str, str],
) -> tuple[str | None, str | None, datetime.date | None]:
    for field in ("code_number", "code_notation", "issued_date"):
        unknown.pop(field, None)
    return number or annexed.number, notation or annexed.notation, issued or annexed.issued_on


def _organs(lines: Sequence[_Line]) -> tuple[str | None, str | None]:
    """Issuer and the body above it: names in capitals before the number; a line that is no name's head runs on."""
    names: list[str] = []
    for line in lines:
        if line.part != "head":
            continue
        if line.kind in ("title", "subject", "annexed"):
            break
        text = _without_motto(line.text) if line.kind == "motto" else line.text
        if line.kind == "number":
            match = _NUMBER.search(text)
            text = text[: match.start()] if match else ""
        heads_alone = line.kind == "authority" and not names  # `CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH A` over the number
        if (line.kind not in ("organ", "motto", "number") and not heads_alone) or not _is_capitals(text):
            continue
        text = text.strip(RULES)
        if names and (not _words().organ_head.match(text) or names[-1].endswith((" VÀ", ","))):
            names[-1] = f"{names[-1]} {text}"
        elif text:
            names.append(text)
    if not names:
        return None, None
    return names[-1], names[-2] if len(names) > 1 else None


def _doc_type(lines: Sequence[_Line], notation: str | None) -> str | None:
    """By the title line, else by the symbol; a symbol that begins with the issuer is a công văn's."""
    for line in _of_kind(lines, "title"):
        match = _words().title.fullmatch(line.text)
        if match:
            return next(
                t.name
                for t in citations.document_types()
                if match["type"] in (t.name.upper(), *(n.upper() for n in t.also))
            )
    if notation is None:
        return None
    return citations.type_of_symbol(notation) or "Công văn"


def _subject(lines: Sequence[_Line]) -> str | None:
    """After `V/v` in a công văn, as `V/v` is written; under the title elsewhere."""
    if _of_kind(lines, "subject"):
        return " ".join(line.text.strip(RULES) for line in _of_kind(lines, "subject", "subject_more"))
    for line in _of_kind(lines, "number"):
        if (found := re.search(r"V\s?/[vV]\s{0,2}[:.]?\s{0,3}(?P<subject>\S.{3,})$", line.text)) is not None:
            more = [line.text.strip(RULES) for line in _of_kind(lines, "subject_more")]
            return " ".join([found["subject"].strip(RULES), *more])  # one line holds number and subject
    titles = _of_kind(lines, "title")
    rest = [m["rest"] for line in titles if (m := _words().title.fullmatch(line.text)) and m["rest"]]
    return " ".join(rest + [line.text for line in _of_kind(lines, "title_subject")]) or None


def _recipients(lines: Sequence[_Line]) -> tuple[Recipient, ...]:
    names: list[str] = []
    for line in lines:
        if line.part != "recipients":
            continue
        text = _ADDRESSED.sub("", _WIRED.sub("", line.text))
        if names and names[-1].strip() and not line.bullet and not names[-1].rstrip().endswith((";", ".", ":")):
            names[-1] = f"{names[-1].rstrip()} {text}"  # a name that goes on in the next line
        else:
            names.append(text)
    parted = [part for name in names for part in re.split(r"\s{0,2};\s{0,3}(?:[-–]\s)?", _BULLET.sub("", name))]
    return tuple(Recipient(name) for part in parted if (name := part.strip(" .;,/")))


_PURPOSE = re.compile(
    r"\s{0,2}[(,]\s{0,2}(?P<purpose>"
    r"(?:để\s|b/c|báo cáo|phối hợp|thực hiện|chỉ đạo|theo dõi|đăng tải|biết)[^()]{0,60}?)\)?$",
    re.IGNORECASE,
)


def _copies(lines: Sequence[_Line]) -> tuple[Recipient, ...]:
    found: list[Recipient] = []
    for line in lines:
        if line.part != "copies":
            continue
        for part in _COPIES.sub("", line.text).split(";"):
            name = part.strip(" .,/")
            if not name:
                continue
            purpose = _PURPOSE.search(name)
            found.append(
                Recipient(name[: purpose.start()] if purpose else name, purpose["purpose"] if purpose else None)
            )
    return tuple(found)


def _signer(lines: Sequence[_Line]) -> tuple[str | None, str | None, Authority | None, str | None]:
    """Position, full name, authority, and the collective signed for (`TM. TỔ CÔNG TÁC`), as written.

    Of two authorities the person's own counts: `TM. ỦY BAN NHÂN DÂN`, `KT. CHỦ TỊCH`, `PHÓ CHỦ TỊCH` is KT.
    """
    authority: Authority | None = None
    collective: str | None = None
    full_name: str | None = None
    positions: list[str] = []
    for line in lines:
        match = _AUTHORITY.match(line.text)
        if match and _is_capitals(line.text):
            code: Authority = {"TM": "TM.", "KT": "KT.", "TL": "TL.", "TUQ": "TUQ.", "Q": "Q."}[match["authority"]]  # type: ignore[assignment]
            if code == "TM.":
                collective = match["whom"]
            if authority in (None, "TM."):
                authority = code
            if code == "Q.":
                positions.append(line.text)
            elif code in ("KT.", "TL.", "TUQ."):
                positions.clear()
        elif _NAME.match(line.text) and not _is_capitals(line.text):
            full_name = line.text
        elif _is_capitals(line.text):
            positions.append(line.text)
    return ", ".join(positions) or None, full_name, authority, collective


def _urgency(lines: Sequence[_Line]) -> Urgency | None:
    marks = (_mark(line.text, get_args(Urgency)) for line in _of_kind(lines, "urgency"))
    return next((mark for mark in marks if mark), None)


def _secrecy(blocks: Sequence[Block]) -> Secrecy | None:
    mark = secrecy.of_blocks(blocks).mark
    return next((known for known in get_args(Secrecy) if known == mark), None)


def _stamps(blocks: Sequence[Block], lines: Sequence[_Line]) -> list[Paragraph]:
    """The incoming stamps: those told apart on the page, and the lines of the head that are one."""
    found = [block for block in blocks if isinstance(block, Paragraph) and block.role == "stamp"]
    text = "\n".join(line.text for line in _of_kind(lines, "stamp"))
    return [*found, Paragraph(text)] if text else found


# ---------------------------------------------------------------- what the letter refers to


def _texts(blocks: Sequence[Block]) -> Iterator[tuple[int, str]]:
    for index, block in enumerate(blocks):
        if isinstance(block, Grid):
            for cell in block.cells:
                yield from ((index, p.text) for p in cell.paragraphs)
        else:
            yield index, block.text


def _citations(blocks: Sequence[Block], number: str | None, notation: str | None) -> tuple[Citation, ...]:
    """Every document referred to, with its block; the letter's own number is no reference."""
    return tuple(
        msgspec.structs.replace(citation, block=index)
        for index, text in _texts(blocks)
        for citation in citations.find(text)
        if not (citation.number == number and citation.notation == notation)
    )


def _relations(subject: str | None, blocks: Sequence[Block], lines: Sequence[_Line]) -> tuple[LetterRelation, ...]:
    """From the subject, first words that answer or act, what the text says of `văn bản này`, and an annex's title.

    A document that replaced another in the past is no act of this letter.
    """
    texts = [subject] if subject else []
    body = [line.text for line in lines if line.part == "body" and line.text]
    texts += [text for text in body[:3] if _ANSWERS.match(text)]
    texts += [text for text in body if _ACTS.match(text) or _THIS_LETTER.search(text)]
    if not _of_kind(lines, "number"):
        texts += [b.text for b in blocks[:12] if isinstance(b, Paragraph) and citations.annexed_to(b.text)]
    return tuple(relation for text in texts for relation in citations.relations(text))


_ANSWERS = re.compile(r"^(?:Trả lời|Phúc đáp|Phản hồi)\s")
_ACTS = re.compile(r"^(?:nay\s)?(?:gia hạn|thu hồi|bãi bỏ|hủy bỏ|huỷ bỏ|đính chính|thay thế)\s", re.IGNORECASE)
_THIS_LETTER = re.compile(
    r"(?:văn bản|công văn|quyết định|thông báo|kế hoạch|chỉ thị|hướng dẫn|nghị quyết) này\s[^.\n]{0,80}"
    r"(?:thay thế|bãi bỏ|đính chính|thu hồi)",
    re.IGNORECASE,
)


_ANNEX_NAMED = re.compile(
    r"(?<!\w)(?:Phụ lục|phụ lục)(?:\s{1,2}(?:số\s{1,2})?(?:[0-9]{1,2}|[IVXL]{1,5})(?!\w))?(?:\s{1,2}kèm theo)?"
)


def _annexes_named(blocks: Sequence[Block]) -> tuple[str, ...]:
    """Annexes the text speaks of: those with a number, or `kèm theo`."""
    named: dict[str, None] = {}
    for _, text in _texts(blocks):
        for match in _ANNEX_NAMED.finditer(text):
            words = match[0].split()
            if len(words) > 2:
                number = [word for word in words[2:] if word not in ("kèm", "theo", "số")]
                named.setdefault(" ".join(["Phụ lục", *number]))
    return tuple(named)
