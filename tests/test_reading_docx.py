"""DOCX: numbering as Word shows it, merged cells, footnotes, tracked changes, text boxes."""

import zipfile
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from models import Footnote, Grid, Paragraph
from pipeline.reading import docx as reader
from pipeline.reading import errors
from pipeline.reading.limits import Limits

Blocks = list[Paragraph | Grid]


def read(tmp_path: Path, package: Document) -> tuple[Blocks, list[Footnote]]:
    path = tmp_path / "a.docx"
    package.save(str(path))
    blocks, notes = reader.read(path, Limits())
    return list(blocks), list(notes)


def with_body(xml: str) -> Document:
    """A package whose body holds these elements."""
    package = docx.Document()
    wrapped = parse_xml(f"<w:body {nsdecls('w')}>{xml}</w:body>")
    for number, element in enumerate(list(wrapped)):
        package.element.body.insert(number, element)
    return package


def paragraph(text: str, number: tuple[int, int] | None = None) -> str:
    listed = ""
    if number:
        listed = f"<w:pPr><w:numPr><w:ilvl w:val='{number[1]}'/><w:numId w:val='{number[0]}'/></w:numPr></w:pPr>"
    return f"<w:p>{listed}<w:r><w:t>{text}</w:t></w:r></w:p>"


def level(number: int, form: str, text: str, extra: str = "") -> str:
    return (
        f"<w:lvl w:ilvl='{number}'><w:start w:val='1'/><w:numFmt w:val='{form}'/>{extra}"
        f"<w:lvlText w:val='{text}'/></w:lvl>"
    )


LISTS = {
    "I. 1. a)": level(0, "upperRoman", "%1.") + level(1, "decimal", "%2.") + level(2, "lowerLetter", "%3)"),
    "1.1.": level(0, "decimal", "%1.") + level(1, "decimal", "%1.%2.") + level(2, "decimal", "%1.%2.%3."),
    "legal": level(0, "upperRoman", "Chương %1") + level(1, "decimal", "%1.%2", "<w:isLgl/>"),
    "goes on": level(0, "decimal", "Phần %1") + level(1, "decimal", "Điều %2.", "<w:lvlRestart w:val='0'/>"),
    "bullets": level(0, "bullet", "\uf0b7") + level(1, "bullet", "-") + level(2, "bullet", "\uf02d"),
    "none": level(0, "none", ""),
}


@pytest.mark.parametrize(
    ("form", "levels", "markers"),
    [
        # deeper levels begin anew under each higher one
        ("I. 1. a)", [0, 1, 2, 2, 1, 2, 0, 1], ["I.", "1.", "a)", "b)", "2.", "a)", "II.", "1."]),
        # a level shows those above it; one that was skipped counts as begun
        ("1.1.", [0, 1, 1, 2, 0, 2], ["1.", "1.1.", "1.2.", "1.2.1.", "2.", "2.1.1."]),
        # legal numbering shows digits whatever the level above shows
        ("legal", [0, 1], ["Chương I", "1.1"]),
        # a level that never begins anew
        ("goes on", [0, 1, 1, 0, 1], ["Phần 1", "Điều 1.", "Điều 2.", "Phần 2", "Điều 3."]),
        # bullets of symbol fonts
        ("bullets", [0, 1, 2], ["•", "-", "-"]),
        # a list without numbers
        ("none", [0], [None]),
    ],
)
def test_numbering(tmp_path: Path, form: str, levels: list[int], markers: list[str | None]) -> None:
    package = with_body("".join(paragraph(f"mục {number}", (90, number)) for number in levels))
    numbering = package.part.numbering_part.element
    abstract = parse_xml(f"<w:abstractNum {nsdecls('w')} w:abstractNumId='90'>{LISTS[form]}</w:abstractNum>")
    numbering.insert(0, abstract)
    numbering.append(parse_xml(f"<w:num {nsdecls('w')} w:numId='90'><w:abstractNumId w:val='90'/></w:num>"))
    blocks, _ = read(tmp_path, package)
    assert [(b.marker, b.level) for b in blocks if isinstance(b, Paragraph)] == list(
        zip(markers, levels, strict=True)
    )


def test_a_deleted_item_is_not_counted(tmp_path: Path) -> None:
    package = with_body(paragraph("một", (90, 0)) + paragraph("hai", (90, 0)) + paragraph("ba", (90, 0)))
    numbering = package.part.numbering_part.element
    levels = level(0, "decimal", "%1.")
    numbering.insert(0, parse_xml(f"<w:abstractNum {nsdecls('w')} w:abstractNumId='90'>{levels}</w:abstractNum>"))
    numbering.append(parse_xml(f"<w:num {nsdecls('w')} w:numId='90'><w:abstractNumId w:val='90'/></w:num>"))
    gone = package.paragraphs[1]._p
    gone.pPr.append(parse_xml(f"<w:rPr {nsdecls('w')}><w:del/></w:rPr>"))
    gone.replace(gone.r_lst[0], parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText>hai</w:delText></w:r></w:del>"))
    blocks, _ = read(tmp_path, package)
    assert [(b.marker, b.text) for b in blocks if isinstance(b, Paragraph)] == [("1.", "một"), ("2.", "ba")]


def test_two_lists_of_one_definition(tmp_path: Path) -> None:
    # List 91 goes on where 90 stopped; list 92 begins anew.
    package = with_body("".join(paragraph("mục", (name, 0)) for name in (90, 91, 92, 90)))
    numbering = package.part.numbering_part.element
    levels = level(0, "decimal", "%1.")
    numbering.insert(0, parse_xml(f"<w:abstractNum {nsdecls('w')} w:abstractNumId='90'>{levels}</w:abstractNum>"))
    start = "<w:lvlOverride w:ilvl='0'><w:startOverride w:val='1'/></w:lvlOverride>"
    for name, override in ((90, ""), (91, ""), (92, start)):
        numbering.append(
            parse_xml(f"<w:num {nsdecls('w')} w:numId='{name}'><w:abstractNumId w:val='90'/>{override}</w:num>")
        )
    blocks, _ = read(tmp_path, package)
    assert [b.marker for b in blocks if isinstance(b, Paragraph)] == ["1.", "2.", "1.", "2."]


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        # runs are joined as they stand, white space collapsed
        (
            "<w:p><w:r><w:t>Sở Y</w:t></w:r><w:r><w:t xml:space='preserve'> tế  báo</w:t></w:r></w:p>",
            ["Sở Y tế báo"],
        ),
        # tabs and breaks part words, hard hyphens join them
        (
            "<w:p><w:r><w:t>12/UBND</w:t><w:noBreakHyphen/><w:t>VX</w:t><w:tab/><w:t>a</w:t><w:br/>"
            "<w:t>b</w:t></w:r></w:p>",
            ["12/UBND-VX a b"],
        ),
        # what was inserted is there, what was deleted or moved away is not
        (
            "<w:p><w:r><w:t>trước ngày </w:t></w:r><w:del><w:r><w:delText>01</w:delText></w:r></w:del>"
            "<w:ins><w:r><w:t>15</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>cũ</w:t></w:r></w:moveFrom></w:p>",
            ["trước ngày 15"],
        ),
        # the mark between two was deleted: they are one
        (
            "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t xml:space='preserve'>Sở Y tế </w:t></w:r></w:p>"
            "<w:p><w:r><w:t>báo cáo</w:t></w:r></w:p>",
            ["Sở Y tế báo cáo"],
        ),
        # the result of a field, not its instruction
        (
            "<w:p><w:r><w:fldChar w:fldCharType='begin'/><w:instrText>PAGE</w:instrText>"
            "<w:fldChar w:fldCharType='separate'/><w:t>3</w:t><w:fldChar w:fldCharType='end'/></w:r></w:p>",
            ["3"],
        ),
        # hidden text is not read, that of links and content controls is
        (
            "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>ẩn</w:t></w:r>"
            "<w:hyperlink><w:r><w:t>liên kết</w:t></w:r></w:hyperlink></w:p>"
            "<w:sdt><w:sdtContent><w:p><w:r><w:t>trong khung</w:t></w:r></w:p></w:sdtContent></w:sdt>",
            ["liên kết", "trong khung"],
        ),
        # the text of a text box follows its paragraph
        (
            "<w:p><w:r><w:t>ngoài</w:t></w:r><w:r><w:pict><w:txbxContent>"
            "<w:p><w:r><w:t>trong hộp</w:t></w:r></w:p>"
            "</w:txbxContent></w:pict></w:r></w:p>",
            ["ngoài", "trong hộp"],
        ),
    ],
)
def test_text(tmp_path: Path, xml: str, expected: list[str]) -> None:
    blocks, _ = read(tmp_path, with_body(xml))
    assert [block.text for block in blocks if isinstance(block, Paragraph)] == expected


def test_styles(tmp_path: Path) -> None:
    package = docx.Document()
    package.add_heading("Phần một", level=2)
    centred = package.add_paragraph("QUYẾT ĐỊNH")
    centred.alignment = 1
    centred.runs[0].bold = True
    package.add_paragraph("Giao ").add_run("Sở Y tế").italic = True
    heading, title, body = read(tmp_path, package)[0]
    assert isinstance(heading, Paragraph)
    assert isinstance(title, Paragraph)
    assert isinstance(body, Paragraph)
    assert (heading.role, heading.style) == ("heading", "Heading 2")
    assert (title.centred, title.bold, title.role) == (True, True, "body")
    assert [(p.start, p.end, p.italic) for p in body.pieces] == [(0, 5, False), (5, 12, True)]


def test_merged_cells(tmp_path: Path) -> None:
    package = docx.Document()
    table = package.add_table(3, 3)
    for row in range(3):
        for column in range(3):
            table.cell(row, column).text = f"{row}{column}"
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(1, 0).merge(table.cell(2, 0))
    (grid,) = read(tmp_path, package)[0]
    assert isinstance(grid, Grid)
    assert [(c.row, c.column, c.row_span, c.column_span, c.text) for c in grid.cells] == [
        (0, 0, 1, 1, "00"),
        (0, 1, 1, 2, "01 02"),
        (1, 0, 2, 1, "10 20"),
        (1, 1, 1, 1, "11"),
        (1, 2, 1, 1, "12"),
        (2, 1, 1, 1, "21"),
        (2, 2, 1, 1, "22"),
    ]


def test_a_table_in_a_cell_is_its_text(tmp_path: Path) -> None:
    file = docx.Document()
    outer = file.add_table(rows=1, cols=2)
    outer.cell(0, 0).text = "Sửa chữa các trạm bơm:"
    inner = outer.cell(0, 0).add_table(rows=1, cols=2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "Trạm A", "02 máy"
    outer.cell(0, 1).text = "Sở Xây dựng"
    file.save(str(tmp_path / "a.docx"))
    [grid], _ = reader.read(tmp_path / "a.docx", Limits())
    assert isinstance(grid, Grid)
    assert [[p.text for p in cell.paragraphs] for cell in grid.cells] == [
        ["Sửa chữa các trạm bơm:", "Trạm A", "02 máy"],
        ["Sở Xây dựng"],
    ]


def test_a_table_that_frames_another_one_is_none(tmp_path: Path) -> None:
    file = docx.Document()
    outer = file.add_table(rows=2, cols=1)
    outer.cell(0, 0).text = "Danh mục nhiệm vụ"
    inner = outer.cell(1, 0).add_table(rows=1, cols=2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "Rà soát kênh mương", "Sở Xây dựng"
    file.save(str(tmp_path / "a.docx"))
    blocks, _ = reader.read(tmp_path / "a.docx", Limits())
    assert [block.text for block in blocks if isinstance(block, Paragraph)] == ["Danh mục nhiệm vụ"]
    [grid] = [block for block in blocks if isinstance(block, Grid)]
    assert [cell.text for cell in grid.cells] == ["Rà soát kênh mương", "Sở Xây dựng"]


@pytest.mark.parametrize(("table", "kinds"), [(True, [Grid, Paragraph]), (False, [Paragraph, Paragraph])])
def test_a_header_is_not_lost(tmp_path: Path, table: bool, kinds: list[type]) -> None:
    package = docx.Document()
    header = package.sections[0].header
    if table:
        header.add_table(1, 2, 1000).cell(0, 0).text = "SỞ Y TẾ"
    header.paragraphs[0].text = "" if table else "Công báo số 4"
    package.add_paragraph("Nội dung")
    blocks = read(tmp_path, package)[0]
    assert [type(block) for block in blocks] == kinds
    if isinstance(blocks[0], Paragraph):
        assert blocks[0].role == "furniture"


NOTES = """<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:t>-----</w:t></w:r></w:p></w:footnote>
<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/>
<w:t xml:space="preserve"> Số liệu tháng 5.</w:t></w:r></w:p></w:footnote>
</w:footnotes>"""


def test_footnotes(tmp_path: Path) -> None:
    package = with_body(
        "<w:p><w:r><w:t>Đã trồng</w:t><w:footnoteReference w:id='2'/></w:r><w:r><w:t> 300 ha.</w:t></w:r></w:p>"
    )
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    content = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), content, NOTES.encode(), package.part.package)
    package.part.relate_to(part, kind)
    (text,), (note,) = read(tmp_path, package)
    assert isinstance(text, Paragraph)
    assert (text.text, text.references) == ("Đã trồng 300 ha.", ((8, "2"),))
    assert (note.id, note.text) == ("2", "Số liệu tháng 5.")


def test_an_archive_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 30_000_000)
    with pytest.raises(errors.TooLarge):
        reader.read(path, Limits())


def test_entities_are_not_resolved(tmp_path: Path) -> None:
    source = tmp_path / "a.docx"
    with_body(paragraph("lành")).save(str(source))
    hostile = tmp_path / "b.docx"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(hostile, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename == "word/document.xml":
                secret = tmp_path / "secret.txt"
                secret.write_text("bí mật")
                head, rest = data.split(b"?>", 1)
                doctype = f'?><!DOCTYPE d [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'.encode()
                data = head + doctype + rest.replace("lành".encode(), b"&x;")
            new.writestr(entry, data)
    blocks, _ = reader.read(hostile, Limits())
    assert "bí mật" not in " ".join(b.text for b in blocks if isinstance(b, Paragraph))


@pytest.mark.parametrize("content", [b"PK\x03\x04 rest is missing", b""])
def test_damaged_files(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(content)
    with pytest.raises(errors.Unreadable):
        reader.read(path, Limits())
