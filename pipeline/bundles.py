"""What was dropped as one, a folder or a ZIP: its files checked one by one, the letter told from its annexes.

A file bears a letter when its first page has a letterhead of its own, with symbol and issuer, and does not say
what it is annexed to. Where one does, the others are its annexes; where several do, each is a letter, but for
those that another of them speaks of. Where none does, the most likely one is the main text. What cannot be
told is no annex.
"""

import errno
import hashlib
import re
import shutil
import unicodedata
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Literal

import msgspec

from extractors import citations, layout, letterhead
from extractors.tones import bare
from models import Block, Document, Grid, Letter
from models.letter import Citation
from pipeline import checking, enclosures, extracting, inbox, reading, steps
from pipeline.checking import Cleared, Outcome
from pipeline.identity import new_id
from pipeline.inbox import Drop
from pipeline.reading.errors import PASSING, ArchiveEmpty, ArchiveNested, ReadingError
from pipeline.reading.media import PAGED, ZIP
from pipeline.register import Register

UNPACKED = "unpacked"
"""Folder beside a drop in staging that archives are unpacked into."""

ANNEXED_WITHIN = 12
"""Among so many paragraphs from the top an annex says what it came with."""

_ANNEX_NAME = re.compile(
    r"(?:^|[^a-z])(?:phu ?luc|pl ?\d|pl(?![a-z])|p luc|danh ?(?:sach|muc)|bieu(?: mau| so| \d|$)|bang (?:ke|tong)"
    r"|mau so|(?:dinh|gui) ?kem|kem theo|du ?thao|de ?cuong|annex|appendix)"
)
_MAIN_NAME = re.compile(
    r"^[\d ]*(?:cv|cong ?van|qd|quyet ?dinh|tb|thong ?bao|kh|ke ?hoach|ct|chi ?thi|cd|cong ?dien|kl|ket ?luan|tt"
    r"|to ?trinh|bc|bao ?cao|gm|giay ?moi|hd|huong ?dan|van ?ban)(?![a-z])"
)
"""Names of files as offices give them, folded: what begins so is a letter, what holds the other an annex."""


class File(msgspec.Struct, frozen=True):
    """What telling apart goes by: a file's name, its head, what it says it is annexed to and what it speaks of.

    `paged`: it is paper (PDF, picture) rather than a file of some program.
    """

    name: str
    letter: Letter
    annexed: Citation | None = None
    speaks_of: frozenset[tuple[str, str]] = frozenset()
    paged: bool = False

    @property
    def number(self) -> tuple[str, str] | None:
        """(number, symbol) of its own; the number is empty where it is left blank."""
        if not (self.letter.code_notation and self.letter.organ_name):
            return None
        own = (self.letter.code_number or "", self.letter.code_notation.upper())
        return None if self.annexed is not None and own == _number(self.annexed) else own


class Member(msgspec.Struct, frozen=True):
    """One file of what was dropped as one: its path within it, itself as a drop, why it is refused at sight."""

    inner: str
    drop: Drop
    refused: str | None = None


class Looked(msgspec.Struct, frozen=True):
    """A member and what is to become of it. `received`: a run that was cut off had taken it in already."""

    member: Member
    found: Cleared | Outcome
    received: bool = False

    @property
    def document(self) -> str:
        """The document it is, where it is one."""
        found = self.found
        return found.sha256 if isinstance(found, Cleared) else found.document or ""


def enter(register: Register, drop: Drop) -> list[Outcome | Cleared]:
    """Check and receive a drop: of one file one answer, of a folder or archive one a file, main texts first.

    A file with a secrecy mark holds back all that came with it. Raises as `steps.enter` does; a `ReadingError`
    is the whole drop's.
    """
    if not _is_together(drop.path):
        return [steps.enter(register, drop)]
    done = checking.settled(register, drop)
    if done is not None:
        return [done]
    answers: list[Outcome | Cleared] = []
    looked: list[Looked] = []
    for member in _members(register, drop):
        done = checking.settled(register, member.drop)
        if done is None or done.state == "again":
            looked.append(_look(register, member, received=done is not None))
        else:
            answers.append(done)
    for one in looked:
        if isinstance(one.found, Outcome) and one.found.state == "held":
            return [checking.refuse(register, drop, f"{one.found.code}_within", state="held")]
    entering = [one for one in looked if one.document]
    letters = [
        [group[n] for n in together]
        for group in _groups(entering)
        for together in told_apart([_file(register, one) for one in group])
    ]
    try:
        for letter in letters:
            answers += _receive(register, letter)
    except BaseException:
        for answer in answers:
            if isinstance(answer, Cleared):
                register.give_back(answer.sha256)
        raise
    only = _letter_id(register, letters[0][0].document) if len(letters) == 1 else None
    for one in looked:
        if not one.document and isinstance(one.found, Outcome):
            answers.append(checking.refuse(register, one.member.drop, one.found.code or "internal", letter=only))
    inbox.forget(drop)
    return answers


# its files


def _is_together(path: Path) -> bool:
    """Whether a drop is a folder or an archive."""
    return not path.is_symlink() and (path.is_dir() or _is_archive(path))


def _is_archive(path: Path) -> bool:
    try:
        return path.is_file() and not path.is_symlink() and reading.media_type(path) == ZIP
    except (ReadingError, OSError):
        return False


def _members(register: Register, drop: Drop) -> list[Member]:
    """The files of a folder or archive; archives in a folder are opened, those in an archive are not."""
    unpacked = drop.path.parent / UNPACKED
    shutil.rmtree(unpacked, ignore_errors=True)
    if not drop.path.is_dir():
        return [_member(drop, name, path) for name, path in _unpacked(register, drop.path, unpacked)]
    members: list[Member] = []
    for number, path in enumerate(inbox.files_of(drop.path)):
        name, refused = path.relative_to(drop.path).as_posix(), None
        if _is_archive(path):
            try:
                inner = _unpacked(register, path, unpacked / str(number))
                members += [_member(drop, f"{name}/{within}", file) for within, file in inner]
                continue
            except ReadingError as error:
                if error.code in PASSING:
                    raise
                refused = error.code
        members.append(_member(drop, name, path, "truncated" if inbox.is_partial(path.name) else refused))
    return members


def _unpacked(register: Register, path: Path, folder: Path) -> list[tuple[str, Path]]:
    """What an archive holds but junk; raises `ArchiveNested` where it holds another one."""
    found = reading.unpack(path, folder, pool=register.pool)
    found = [(name, file) for name, file in found if not any(map(inbox.is_junk, name.split("/")))]
    if any(_is_archive(file) for _, file in found):
        raise ArchiveNested
    if not found:
        raise ArchiveEmpty
    return found


def _member(drop: Drop, inner: str, path: Path, refused: str | None = None) -> Member:
    """One file of a drop; its id is the same whenever the drop is looked at again."""
    mark = hashlib.sha256(f"{drop.id}/{inner}".encode()).hexdigest()[:8]
    name = unicodedata.normalize("NFC", PurePosixPath(inner).name)
    return Member(inner, Drop(f"{drop.id}-{mark}", path, name, drop.name), refused)


def _look(register: Register, member: Member, *, received: bool) -> Looked:
    if member.refused is not None:
        return Looked(member, Outcome("quarantined", code=member.refused))
    return Looked(member, checking.look(register, member.drop), received)


def _groups(looked: Sequence[Looked]) -> list[list[Looked]]:
    """Files that may belong together: an archive of folders alone holds a letter in each."""
    groups: dict[str, list[Looked]] = {}
    paths = [PurePosixPath(one.member.inner).parts for one in looked]
    depth = 0
    while paths and all(len(parts) > depth + 1 for parts in paths) and len({parts[depth] for parts in paths}) == 1:
        depth += 1
    apart = all(len(parts) > depth + 1 for parts in paths)
    for parts, one in zip(paths, looked, strict=True):
        groups.setdefault(parts[depth] if apart else "", []).append(one)
    return list(groups.values())


# which is the letter


def told_apart(files: Sequence[File]) -> list[list[int]]:
    """The letters that files are: indexes of each one's files, its main text first."""
    order = sorted(range(len(files)), key=lambda n: _natural(files[n].name))
    heads: dict[object, list[int]] = {}
    for n in order:
        number = files[n].number
        if number is not None:
            day = files[n].letter.issued_date
            heads.setdefault((number, day) if number[0] else n, []).append(n)
    # Of two copies of one letter the signed paper represents it; the other one is linked to it when it is read.
    found = [sorted(copies, key=lambda n: not files[n].paged) for copies in heads.values()]
    mains = [copies[0] for copies in found]
    copies = [[n] for known in found for n in known[1:]]
    enclosed = {n for n in mains if _is_enclosed(files, n, mains)}
    mains = [n for n in mains if n not in enclosed] or mains
    rest = [n for n in order if n not in mains and [n] not in copies]
    if not mains:
        mains = [n for n in [_likeliest(files, rest)] if n is not None]
        rest = [n for n in rest if n not in mains]
    letters = {n: [n] for n in mains}
    alone: list[list[int]] = []
    for n in rest:
        main = mains[0] if len(mains) == 1 else _named_by(files, n, mains)
        if main is None:
            alone.append([n])
        else:
            letters[main].append(n)
    return [*letters.values(), *copies, *alone]


def _is_enclosed(files: Sequence[File], n: int, mains: Sequence[int]) -> bool:
    """Whether a file with a letterhead of its own is sent along by another: it is spoken of, or so named."""
    number, others = files[n].number, [m for m in mains if m != n]
    if not others:
        return False
    if _ANNEX_NAME.search(_folded(files[n].name)):
        return True
    return any(number in files[m].speaks_of and files[m].number not in files[n].speaks_of for m in others)


def _likeliest(files: Sequence[File], rest: Sequence[int]) -> int | None:
    """The main text among files without a letterhead; None where all are annexes by what they say or are named."""
    able = [n for n in rest if files[n].annexed is None and not _ANNEX_NAME.search(_folded(files[n].name))]

    def rank(n: int) -> tuple[bool, bool, bool, bool]:
        file = files[n]
        return (
            not file.letter.recipients,
            not _MAIN_NAME.match(_folded(file.name)),
            not file.letter.organ_name,
            not file.paged,
        )

    return min(able, key=rank) if able else None


def _named_by(files: Sequence[File], n: int, mains: Sequence[int]) -> int | None:
    """The letter, of several, that a file belongs to: it says it is annexed to it, or that one speaks of it."""
    annexed, number = files[n].annexed, files[n].number
    if annexed is not None:
        found = [m for m in mains if files[m].number == _number(annexed)]
    else:
        found = [m for m in mains if number is not None and number in files[m].speaks_of]
    return found[0] if len(found) == 1 else None


def _number(citation: Citation) -> tuple[str, str]:
    return citation.number or "", (citation.notation or "").upper()


def _folded(name: str) -> str:
    """A file's name without its folder, suffix, marks and signs: what names are told by."""
    return " ".join(re.split(r"[\s._\-()+]+", bare(PurePosixPath(name).stem.lower()))).strip()


def _natural(name: str) -> list[tuple[int, str]]:
    """Sorts `PL2` before `PL10`."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"(\d+)", name.lower())]


def _file(register: Register, one: Looked) -> File:
    """What is known of a file before it is received, or of the document it is already."""
    name = one.member.inner
    if not isinstance(one.found, Cleared):
        found = register.store.records(
            f"SELECT {enclosures.HEAD} FROM letters WHERE document_sha256 = ?", [one.document]
        )
        return File(name, Letter(**found[0]) if found else Letter())
    first, document = one.found.first_page, one.found.document
    if document is None:
        pages = (first,) if first is not None else ()
        document = Document(one.document, one.found.media_type, reading.READER, pages=pages)
    blocks = layout.blocks(document)
    texts = [text for block in blocks for text in _texts(block)]
    return File(
        name,
        letterhead.read(blocks),
        next((named for text in texts[:ANNEXED_WITHIN] if (named := citations.annexed_to(text))), None),
        frozenset(_number(found) for text in texts for found in citations.find(text) if found.number),
        one.found.media_type in PAGED,
    )


def _texts(block: Block) -> list[str]:
    return [cell.text for cell in block.cells] if isinstance(block, Grid) else [block.text]


# into the register


def _receive(register: Register, letter: Sequence[Looked]) -> list[Outcome | Cleared]:
    """Take in the files of one letter, main text first; the letter's id is known before any of it is read."""
    main, *annexes = letter
    letter_id = None
    if annexes:
        letter_id = _letter_id(register, main.document) or new_id()
        if not isinstance(main.found, Cleared) and _letter_id(register, main.document) is None:
            # Dropped alone just now and still being read: which letter it is will be known soon.
            raise OSError(errno.EBUSY, "the main text is being read")
    answers: list[Outcome | Cleared] = []
    try:
        for one in letter:
            relation: Literal["annex_of"] | None = None if one is main else "annex_of"
            answers.append(_take_in(register, one, letter_id, relation))
    except BaseException:
        for answer in answers:
            if isinstance(answer, Cleared):
                register.give_back(answer.sha256)
        raise
    return answers


def _take_in(
    register: Register, one: Looked, letter_id: str | None, relation: Literal["annex_of"] | None
) -> Outcome | Cleared:
    if isinstance(one.found, Cleared):
        cleared = msgspec.structs.replace(one.found, letter=letter_id, relation=relation)
        answer = steps.receive(register, cleared) or cleared
    else:
        answer = one.found if one.received else checking.again(register, one.member.drop, one.document)
    if relation is not None and letter_id is not None and enclosures.may_be_annexed(register, one.document):
        register.record("linked", enclosures.link(one.document, letter_id, relation, counted=True))
        if isinstance(answer, Outcome):
            extracting.extract_again(register, one.document)
    return answer


def _letter_id(register: Register, sha256: str) -> str | None:
    found: str | None = register.store.value(
        "SELECT any_value(letter_id) FROM documents WHERE document_sha256 = ?", [sha256]
    )
    return found
