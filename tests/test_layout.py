"""Words of pages → blocks, and list markers."""

import pytest

from extractors import layout, markers
from models import Box, Cell, Document, Grid, Page, PageTable, Paragraph, Word

WIDTH, HEIGHT = 595.0, 842.0
LEFT, INDENTED = 85.0, 121.0
PITCH = 17.5


def line(text: str, top: float, left: float = LEFT, size: float = 13.0, bold: bool = False) -> list[Word]:
    """The words of one line as a text layer gives them, half an em a letter."""
    words: list[Word] = []
    x = left
    for written in text.split():
        end = x + 0.5 * size * len(written)
        words.append(Word(written, Box(x, top, end, top + size), None, "Serif", size, bold))
        x = end + 0.25 * size
    return words


def full(start: str, top: float, left: float = LEFT, size: float = 13.0) -> list[Word]:
    """A line filled up to the right edge."""
    text = start
    while line(f"{text} văn", top, left, size)[-1].box.x1 < WIDTH - 50:
        text += " văn"
    return line(text, top, left, size)


def page(number: int, *lines: list[Word], tables: tuple[PageTable, ...] = ()) -> Page:
    words = tuple(word for written in lines for word in written)
    return Page(number, WIDTH, HEIGHT, "text_layer", words, tables)


def read(*pages: Page) -> list[Paragraph | Grid]:
    return list(layout.blocks(Document("x", "application/pdf", "0", pages)))


def texts(*pages: Page) -> list[str]:
    """The body's paragraphs with their markers."""
    return [
        f"{block.marker or ''} {block.text}".strip()
        for block in read(*pages)
        if isinstance(block, Paragraph) and block.role in ("body", "heading")
    ]


def rows(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in row] for row in layout.grids.rows_of(grid)]


def table(page_top: float, *table_rows: tuple[str, ...], first_word: int = 0) -> tuple[PageTable, list[Word]]:
    """A ruled table of equal columns and its words; the words' indexes start at `first_word`."""
    words: list[Word] = []
    cells: list[Cell] = []
    columns = len(table_rows[0])
    width = (WIDTH - 2 * LEFT) / columns
    for r, row in enumerate(table_rows):
        for c, text in enumerate(row):
            x0, top = LEFT + c * width, page_top + r * 30
            found = line(text, top + 5, x0 + 3, 8.0)
            indexes = range(first_word + len(words), first_word + len(words) + len(found))
            cells.append(Cell(r, c, box=Box(x0, top, x0 + width, top + 30), words=tuple(indexes)))
            words += found
    box = Box(LEFT, page_top, WIDTH - LEFT, page_top + 30 * len(table_rows))
    return PageTable(box, len(table_rows), columns, tuple(cells)), words


FILLER = [full("Dòng đầy", 300 + i * PITCH) for i in range(12)]


def test_lines_of_a_paragraph_are_joined_and_first_lines_told_by_their_indent() -> None:
    found = texts(
        page(
            1,
            full("Đoạn thứ nhất bắt đầu", 100, INDENTED),
            line("và kết thúc ở đây.", 100 + PITCH),
            full("Đoạn thứ hai bắt đầu", 100 + 2 * PITCH, INDENTED),
            line("rồi hết.", 100 + 3 * PITCH),
        )
    )
    assert [text.split()[:3] for text in found] == [["Đoạn", "thứ", "nhất"], ["Đoạn", "thứ", "hai"]]
    assert found[0].endswith("và kết thúc ở đây.")


@pytest.mark.parametrize(
    ("end", "start", "joined"),
    [
        # a symbol broken at its hyphen is one word again
        ("số 418/VPCP-", "KSTT ngày", "418/VPCP-KSTT"),
        # so is one broken at its stroke
        ("Quý II/", "2025 và", "II/2025"),
        # a dash between words keeps its spaces
        ("cấp xã -", "cấp tỉnh", "xã - cấp"),
    ],
)
def test_symbols_broken_over_two_lines(end: str, start: str, joined: str) -> None:
    first = line(end, 100, WIDTH - 40 - len(end) * 7)
    found = texts(page(1, full("Theo", 82.5, INDENTED), first, full(start, 100 + PITCH), *FILLER))
    assert joined in found[0]


def test_a_sentence_interrupted_by_a_footnote_and_a_page_break_is_whole() -> None:
    body = [full("Câu dài", 100 + i * PITCH, INDENTED if i == 0 else LEFT) for i in range(8)]
    note = [line("1", 600, LEFT, 6.5) + line("Theo báo cáo của cơ quan.", 600, LEFT + 8, 10.0)]
    found = read(
        page(1, *body, *note), page(2, line("được nối lại ở trang sau.", 60), full("Đoạn mới", 90, INDENTED))
    )
    paragraphs = [block for block in found if isinstance(block, Paragraph)]
    assert paragraphs[0].text.endswith("được nối lại ở trang sau.")
    assert {piece.page for piece in paragraphs[0].pieces} == {1, 2}
    assert [block.role for block in paragraphs] == ["body", "body", "footnote"]


def test_a_superscript_is_a_reference_and_no_part_of_the_text() -> None:
    raised = Word("3", Box(200.0, 98.0, 204.0, 105.0), None, "Serif", 7.0)
    words = [*line("chỉ đạo của Chính phủ", 100, 60), raised, *line(", các bộ", 100, 206)]
    found = read(page(1, words, *FILLER))[0]
    assert isinstance(found, Paragraph)
    assert "Chính phủ, các" in found.text
    assert found.references == ((len("chỉ đạo của Chính phủ"), "3"),)


def test_a_superscript_of_a_browser_is_one_too_and_does_not_part_its_line_from_the_next() -> None:
    # browsers set them at five sixths of the letter size, and raise the line below
    words = full("Thực hiện Chỉ thị của Chủ tịch", 100)
    end = words[-1].box.x1
    raised = Word("1", Box(end, 97.0, end + 4, 108.0), None, "Serif", 11.0)
    comma = Word(",", Box(end + 4, 100.0, end + 7, 113.0), None, "Serif", 13.0)
    found = read(page(1, [*words, raised, comma], line("Sở Y tế đề nghị:", 100 + 1.35 * PITCH), *FILLER))[0]
    assert isinstance(found, Paragraph)
    assert found.text.endswith("văn, Sở Y tế đề nghị:")
    assert [note for _, note in found.references] == ["1"]


def test_raised_numbers_in_brackets_that_begin_clauses_stay_in_the_text() -> None:
    def raised(text: str, left: float) -> list[Word]:
        return [Word(text, Box(left, 98, left + 4 * len(text), 106), None, "Serif", 8.0)]

    words = line("Các sở:", 100)
    words += raised("(1)", words[-1].box.x1 + 4)
    words += line("Rà soát hồ;", 100, words[-1].box.x1 + 3)
    words += raised("(2)", words[-1].box.x1 + 4)
    words += line("Báo cáo theo Nghị định", 100, words[-1].box.x1 + 3)
    # a footnote's reference stands at its word, in brackets or not
    words += raised("(3)", words[-1].box.x1)
    (paragraph,) = read(page(1, words))
    assert isinstance(paragraph, Paragraph)
    assert paragraph.text == "Các sở: (1) Rà soát hồ; (2) Báo cáo theo Nghị định"
    assert [note for _, note in paragraph.references] == ["(3)"]


def test_page_numbers_and_running_feet_are_furniture() -> None:
    pages = [page(n, line(str(n), 30, 295), *FILLER, line("Cổng thông tin điện tử", 810, 200)) for n in (1, 2, 3)]
    found = [block for block in read(*pages) if isinstance(block, Paragraph)]
    assert (
        sorted(b.text for b in found if b.role == "furniture") == ["1", "2", "3"] + ["Cổng thông tin điện tử"] * 3
    )
    assert not any("Cổng" in b.text for b in found if b.role == "body")


@pytest.mark.parametrize(
    "signature",
    [
        (
            "Người ký: BỘ Y TẾ",
            "Email: vp@boyte.vn",
            "Cơ quan: BỘ Y TẾ",
            "Thời gian ký: 15.05.2026 16:23:11 +07:00",
        ),
        # a name that goes on over the line
        ("Ký bởi: Ủy ban nhân dân tỉnh", "Khánh Hòa", "Ngày ký: 15-05-2026 16:23:11 +07:00"),
        ("Digitally signed by Lê An", "DN: c=VN, cn=Lê An", "Date: 2026.05.15 10:12:13 +07'00'"),
        ("Signature Not Verified", "Được ký bởi LÊ AN", "Ngày ký: 15.05.2026 16:23"),
        ("Ký bởi Ủy ban nhân dân xã", "Giờ ký: 15/05/2026 08:23:11"),
        # a name and a time alone
        ("CỔNG THÔNG TIN ĐIỆN TỬ", "15.05.2026 16:23:11 +07:00"),
    ],
)
def test_digital_signatures_are_furniture(signature: tuple[str, ...]) -> None:
    head = [line(text, 24 + 10 * row, 330, 8) for row, text in enumerate(signature)]
    found = read(page(1, *head, line("SỞ XÂY DỰNG", 90, 100), *FILLER))
    assert sorted(b.text for b in found if isinstance(b, Paragraph) and b.role == "furniture") == sorted(signature)


def test_what_only_speaks_of_signing_is_text() -> None:
    lines_ = [
        "chữ ký số của cơ quan đã được",
        "ký bởi người đứng đầu cơ quan",
        "Cơ quan: Sở Y tế",
        "Email: vp@a.vn",
    ]
    written = [line(text, 120 + PITCH * row) for row, text in enumerate(lines_)]
    assert not any(b.role == "furniture" for b in read(page(1, *written, *FILLER)) if isinstance(b, Paragraph))


@pytest.mark.parametrize(
    ("heads", "count"),
    [
        # a letter of two pages
        (("Công báo số 12", "Công báo số 12"), 2),
        # a plan and its annex, each with a letterhead
        (("SỞ Y TẾ CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",) * 3, 0),
        (("Công báo số 12", "Kế hoạch"), 0),
        # annexes that each begin a page
        (("Phụ lục 1", "Phụ lục 2", "Phụ lục 3"), 0),
        # the first page is headed by the letterhead
        (("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Công báo số 12", "Công báo số 12"), 2),
    ],
)
def test_running_heads(heads: tuple[str, ...], count: int) -> None:
    pages = [page(n, line(head, 30, 100), *FILLER) for n, head in enumerate(heads, 1)]
    assert sum(b.role == "furniture" for b in read(*pages) if isinstance(b, Paragraph)) == count


def test_a_running_head_of_a_scan_has_its_slips() -> None:
    slipped = ("Kế hoạch phòng chống dịch", "Kế hoạch phòng chổng dịch", "Kế hoach phòng chống dich")
    pages = [page(n, seen(head, 30, 200), *SEEN) for n, head in enumerate(slipped, 1)]
    assert [b.text for b in read(*pages) if isinstance(b, Paragraph) and b.role == "furniture"] == list(slipped)


def test_columns_of_a_letterhead_are_read_one_after_the_other() -> None:
    found = texts(
        page(
            1,
            line("SỞ XÂY DỰNG", 60, 100, bold=True) + line("CỘNG HÒA XÃ HỘI", 60, 330, bold=True),
            line("Số: 12/SXD-KH", 80, 100) + line("Vinh, ngày 5 tháng 3", 80, 330),
            full("Thân bài", 130, INDENTED),
            *FILLER,
        )
    )
    assert found[:4] == ["SỞ XÂY DỰNG", "Số: 12/SXD-KH", "CỘNG HÒA XÃ HỘI", "Vinh, ngày 5 tháng 3"]


@pytest.mark.parametrize(
    ("names", "read_as"),
    [
        # on a scan, which says nothing of type, a body under another one is told by its words
        (
            ("UBND TỈNH KHÁNH HÒA", "SỞ NÔNG NGHIỆP", "VÀ MÔI TRƯỜNG"),
            ["UBND TỈNH KHÁNH HÒA", "SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG"],
        ),
        (("ỦY BAN NHÂN DÂN", "TỈNH KHÁNH HÒA", "SỞ Y TẾ"), ["ỦY BAN NHÂN DÂN TỈNH KHÁNH HÒA", "SỞ Y TẾ"]),
        (("BỘ CHỈ HUY", "PHÒNG THỦ DÂN SỰ"), ["BỘ CHỈ HUY PHÒNG THỦ DÂN SỰ"]),
        (("UBND XÃ", "TRƯỜNG SƠN"), ["UBND XÃ TRƯỜNG SƠN"]),
        (("VĂN PHÒNG", "TRUNG TÂM ĐIỀU HÀNH"), ["VĂN PHÒNG TRUNG TÂM ĐIỀU HÀNH"]),
    ],
)
def test_names_of_a_letterhead_on_a_scan(names: tuple[str, ...], read_as: list[str]) -> None:
    right = ("CỘNG HÒA XÃ HỘI", "Độc lập - Tự do", "Huế, ngày 5 tháng 3")
    rows_ = [seen(name, 60 + 16 * n, 60) + seen(right[n], 60 + 16 * n, 330) for n, name in enumerate(names)]
    assert texts(page(1, *rows_, *SEEN))[: len(read_as)] == read_as


def test_a_signature_too_small_to_be_read_well_goes_whole() -> None:
    block = ["ngu ời ký SỞ NÓNG NGHIỆP", "yail: Sônnt gav", "Thời gian ký: 12.05.2026 16:23:11 +07:00"]
    sizes, lefts = (9.3, 7.2, 7.8), (387, 396, 388)
    rows_ = [seen(text, 60 + 10 * n, lefts[n], sizes[n]) for n, text in enumerate(block)]
    found = [b.text for b in read(page(1, *rows_, *SEEN)) if isinstance(b, Paragraph) and b.role == "furniture"]
    assert found == block


def test_motto_and_place_on_a_scan_are_two() -> None:
    rows_ = [
        seen("SỞ Y TẾ", 60, 60) + seen("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 60, 300),
        seen("Số: 12/SYT-NVY", 76, 60) + seen("Độc lập - Tự do - Hạnh phúc", 76, 330),
        seen("Huế, ngày 5 tháng 3 năm 2026", 92, 330),
    ]
    assert texts(page(1, *rows_, *SEEN))[3:5] == ["Độc lập - Tự do - Hạnh phúc", "Huế, ngày 5 tháng 3 năm 2026"]


def seen(text: str, top: float, left: float = LEFT, size: float = 13.0, rise: float = 0.0) -> list[Word]:
    """The words of a line as recognition gives them: no font; it rises by `rise` points a point."""
    words: list[Word] = []
    x = left
    for written in text.split():
        end = x + sum(layout.lines._ems(letter) for letter in written) * size
        above = top - (x - left) * rise
        # Boxes reach as high and as low as the letters do.
        head = 0.25 * size if set(written) <= set("acemnorsuvxzgpqy,;") else 0.0
        foot = size if set(written) & set("gpqy,;ụ") else 0.8 * size
        words.append(Word(written, Box(x, above + head, end, above + foot), 0.96))
        x = end + 0.25 * size
    return words


def speck(text: str, left: float, top: float) -> list[Word]:
    """A speck in which recognition saw something."""
    return [Word(text, Box(left, top, left + 1.0, top + 0.7), 0.7)]


SEEN = [
    seen("- các cơ quan, đơn vị có liên quan đến việc đó thực hiện đúng tiến độ đã giao;", 300 + i * PITCH)
    for i in range(12)
]


def test_a_leaning_stamp_beside_the_recipients_is_not_read_into_them() -> None:
    # The engine takes lines of the stamp and of the letter that stand at one height for one line.
    found = texts(
        page(
            1,
            speck("-", 152, 168.6) + seen("Kính gửi: - Sở Y tế, Sở Nội vụ và Sở", 157, 200),
            seen("UBND HUYỆN KIM SƠN", 177, 38, 11, 0.05) + seen("Xây dựng;", 175, 256),
            seen("Số: 220", 189, 30, 11, 0.05) + seen("- Kho bạc Nhà nước.", 192, 256),
            seen("ĐẾN Ngày: 24/7", 208, 31, 11, 0.05) + seen("- Cục Thống kê;", 210, 256),
            *SEEN,
        )
    )
    assert found[-15:-12] == [
        "Kính gửi: - Sở Y tế, Sở Nội vụ và Sở Xây dựng;",
        "- Kho bạc Nhà nước.",
        "- Cục Thống kê;",
    ]


@pytest.mark.parametrize(
    ("row", "read_as"),
    [
        # a speck before a line does not part it where words of different heights stand
        (speck("._", 74, 111) + seen("tổ quan tâm của mạng", 100), "tổ quan tâm của mạng"),
        # before the number of an item; a quotation of one
        (seen("— 3- Hằng tháng báo cáo", 100), "3- Hằng tháng báo cáo"),
        (seen("“ 3. Hằng tháng báo cáo", 100), "“ 3. Hằng tháng báo cáo"),
        # a speck amid the words of a line, read as a letter
        (seen("đổi số và", 100) + speck("t", 143, 116) + seen("dữ liệu", 100, 146), "đổi số và dữ liệu"),
        # a full stop and a dash stay
        (seen("- Bộ Y tế .", 100), "- Bộ Y tế."),
    ],
)
def test_specks_are_no_words(row: list[Word], read_as: str) -> None:
    assert texts(page(1, row, *SEEN))[0].split(" - các")[0] == read_as


@pytest.mark.parametrize(
    ("first", "role"),
    [
        # a raised number read as a letter or another sign
        (
            [Word("t", Box(85, 600, 89, 604), 0.5), *seen("Theo báo cáo của các cơ quan gửi về", 600, 92, 9.5)],
            "footnote",
        ),
        ([Word("‡", Box(85, 600, 89, 604), 0.5), *seen("Theo báo cáo", 600, 92, 9.5)], "footnote"),
        # a dash stands higher than a line's foot too
        ([Word("-", Box(85, 604, 89, 605), 0.9), *seen("Lưu: VT, KGVX.", 600, 92, 10.6)], "body"),
        # the first letter of a line
        ([Word("Ở", Box(85, 600, 92, 607.6), 0.9), *seen("đây là dòng chữ nhỏ", 600, 95, 9.5)], "body"),
    ],
)
def test_footnotes_of_a_scan_amid_the_text(first: list[Word], role: str) -> None:
    below = seen("(2) Về dữ liệu, các cơ quan chủ quản thực hiện.", 640, INDENTED)
    found = {b.text.split()[-1]: b.role for b in read(page(1, *SEEN, first, below)) if isinstance(b, Paragraph)}
    assert found[first[-1].text] == role


def test_a_footnote_of_a_scan_without_its_number() -> None:
    note = "Gồm: công văn của Bộ Nội vụ về việc lập danh sách, công văn của Bộ Y tế về kiểm tra, báo cáo của tổ"
    # The size of one line is measured too large.
    rows_ = [seen(note, 600, LEFT, 10.7), seen(note, 612, LEFT, 9.3), seen("công tác liên ngành.", 624, LEFT, 9.3)]
    found = read(page(1, *SEEN, *rows_, seen("(2) Về dữ liệu, các cơ quan chủ quản thực hiện.", 640, INDENTED)))
    assert [b.role for b in found if isinstance(b, Paragraph)][-1] == "footnote"


def test_every_character_keeps_its_word() -> None:
    found = read(page(1, full("- Rà soát", 100, INDENTED), line("các dự án.", 100 + PITCH), *FILLER))[0]
    assert isinstance(found, Paragraph)
    assert found.marker == "-"
    for piece in found.pieces:
        assert found.text[piece.start : piece.end].strip()
    assert found.text[found.pieces[0].start : found.pieces[0].end] == "Rà"


def test_a_table_over_two_pages_is_one_grid_with_its_header_once() -> None:
    head = ("TT", "Nhiệm vụ", "Chủ trì")
    first, words_1 = table(600, head, ("1", "Lập kế hoạch", "Bộ Y tế"), ("2", "Rà soát quy", "Bộ Tài chính"))
    second, words_2 = table(60, head, ("", "hoạch đô thị", ""), ("3", "Báo cáo", "Bộ Nội vụ"))
    found = read(page(1, words_1, tables=(first,)), page(2, words_2, tables=(second,)))
    assert len(found) == 1 and isinstance(found[0], Grid)
    assert rows(found[0]) == [
        list(head),
        ["1", "Lập kế hoạch", "Bộ Y tế"],
        ["2", "Rà soát quy hoạch đô thị", "Bộ Tài chính"],
        ["3", "Báo cáo", "Bộ Nội vụ"],
    ]


def test_tables_with_text_between_stay_apart() -> None:
    first, words_1 = table(600, ("TT", "Việc"), ("1", "Một"))
    second, words_2 = table(160, ("TT", "Việc"), ("1", "Hai"))
    heading = line("b) Nhiệm vụ khác", 60)
    shifted = PageTable(
        second.box,
        second.rows,
        second.columns,
        tuple(
            Cell(c.row, c.column, box=c.box, words=tuple(w + len(heading) for w in c.words)) for c in second.cells
        ),
    )
    found = read(page(1, words_1, tables=(first,)), page(2, heading, words_2, tables=(shifted,)))
    assert [type(block).__name__ for block in found] == ["Grid", "Paragraph", "Grid"]


def test_blocks_of_a_file_without_pages_pass_through_with_their_markers() -> None:
    given = (Paragraph("a) Kiểm tra kho."), Paragraph("¹ Ghi chú dưới trang."), Paragraph("KẾ HOẠCH NĂM MỚI"))
    found = layout.blocks(Document("x", "text/html", "0", blocks=given))
    assert [(b.marker, b.text, b.role) for b in found if isinstance(b, Paragraph)] == [
        ("a)", "Kiểm tra kho.", "body"),
        (None, "¹ Ghi chú dưới trang.", "footnote"),
        (None, "KẾ HOẠCH NĂM MỚI", "heading"),
    ]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("I. TÌNH HÌNH", "roman", 1),
        ("IV- NỘI DUNG", "roman", 4),
        ("Điều 12. Hiệu lực", "article", 12),
        ("Phần thứ hai", "part", 2),
        ("3. Sở Y tế", "decimal", 3),
        ("2.1.3. Nội dung", "decimal", 3),
        ("2.1- Đảng ủy", "decimal", 1),  # as Party letters number
        ("5.2 Về kinh phí", "decimal", 2),
        ("đ) Kiểm tra", "letter", 5),
        ("e) Kiểm tra", "letter", 6),
        ("(10) Ngân hàng", "bracketed_number", 10),
        ("⁽²⁾ Các bộ", "bracketed_number", 2),
        ("(iv) Cơ quan", "bracketed_roman", 4),
        ("- Rà soát", "dash", 0),
        ("—Rà soát", "dash", 0),
        ("+ Rà soát", "plus", 0),
        ("• Rà soát", "bullet", 0),
        # recognition slips: strokes of Roman numerals, letters among digits, lost marks, spaces, bullets
        ("Il. NHIỆM VỤ", "roman", 2),
        ("lII. Tổ chức", "roman", 3),
        ("lV. Tổ chức", "roman", 4),
        ("I . MỤC TIÊU", "roman", 1),
        ("1.l. Rà soát", "decimal", 1),
        ("l.2. Rà soát", "decimal", 2),
        ("(1U Bộ Y tế", "bracketed_number", 1),
        ("1 . Rà soát", "decimal", 1),
        ("b ) Rà soát", "letter", 2),
        ("Điêu 3. Phạm vi", "article", 3),
        ("¬ Rà soát", "bullet", 0),
        ("® Rà soát", "bullet", 0),
        ("1, Sở Y tế", "decimal", 1),
        # recognition slips: l for 1, O for 0
        ("l. Sở Y tế", "decimal", 1),
        ("1O. Sở Y tế", "decimal", 10),
    ],
)
def test_markers(text: str, kind: str, value: int) -> None:
    marker = markers.read(text)
    assert marker is not None
    assert (marker.kind, marker.value) == (kind, value)


@pytest.mark.parametrize(
    "text",
    [
        "15/5/2025 là ngày cuối",  # a date
        "1.250 hồ sơ",  # a number with its thousands
        "Mục tiêu chung",  # a word, not Mục 1
        "Phần mềm dùng chung",  # nor Phần
        "i-ốt",  # a letter within a word
        "Điều chỉnh quy hoạch",  # a verb, not an article
        "-",  # a lone dash
        "Ill health là cụm từ tiếng Anh",  # strokes without a stop
        "I.I.A Hà Nội",  # no digit among them
        "®SGC",  # a sign that belongs to its word
        "12, 15 và 18 tháng này",  # days
        "11 đơn vị",  # a number of things
    ],
)
def test_what_is_no_marker(text: str) -> None:
    assert markers.read(text) is None


def test_lines_of_smaller_type_do_not_set_the_distance_of_lines() -> None:
    # a short letter with a long list of recipients: its own lines are further apart
    short = page(
        1,
        full("1. Sở lập danh sách các", 100, INDENTED),
        full("đơn vị trực thuộc", 119.5),
        line("và gửi kết quả.", 139),
        *(line(f"- Phòng số {number};", 300 + 12.5 * number, size=10.5) for number in range(8)),
    )
    assert texts(short)[0].endswith("và gửi kết quả.")


def columns(top: float, *texts: str) -> list[Word]:
    """One line of a table without lines: its texts at the left edges of four columns."""
    lefts = (LEFT, 120.0, 330.0, 450.0)
    return [word for left, text in zip(lefts, texts, strict=False) for word in line(text, top, left, 11.0)]


HEADER = columns(100, "TT", "Nhiệm vụ", "Cơ quan chủ trì", "Thời hạn")


def test_a_table_without_lines_is_told_by_its_header_and_its_columns() -> None:
    body = [
        columns(130, "1", "Rà soát các hồ chứa trên", "Sở Xây dựng", "30/6/2026"),
        columns(145, "", "địa bàn"),
        columns(165, "2", "Lập phương án ứng phó", "Sở Tài chính", "Quý III"),
        columns(180, "", "", "và Sở Nội vụ"),
    ]
    found = read(page(1, HEADER, *body, full("Các sở báo cáo kết quả trước ngày", 230, INDENTED)))
    grid = next(block for block in found if isinstance(block, Grid))
    assert rows(grid) == [
        ["TT", "Nhiệm vụ", "Cơ quan chủ trì", "Thời hạn"],
        ["1", "Rà soát các hồ chứa trên địa bàn", "Sở Xây dựng", "30/6/2026"],
        ["2", "Lập phương án ứng phó", "Sở Tài chính và Sở Nội vụ", "Quý III"],
    ]
    assert grid.certainty < 1
    assert isinstance(found[1], Paragraph) and found[1].text.startswith("Các sở báo cáo")


def test_a_table_without_lines_goes_on_over_the_page_with_its_header_over_two_lines() -> None:
    head = [columns(740, "", "", "Cơ quan", ""), columns(747, "TT", "Nhiệm vụ", "", "Thời hạn")]
    first = [
        *head,
        columns(754, "", "", "chủ trì"),
        columns(775, "1", "Rà soát các hồ chứa", "Sở Xây dựng", "30/6/2026"),
    ]
    second = [
        columns(60, "", "trên địa bàn"),
        columns(80, "2", "Lập phương án ứng phó", "Sở Tài chính", "Quý III"),
        columns(100, "3", "Báo cáo kết quả", "Sở Nội vụ", "15/7/2026"),
    ]
    text = full("Các sở báo cáo kết quả trước ngày", 150, INDENTED)
    found = read(page(1, *FILLER, *first, line("1", 815, 295)), page(2, line("2", 30, 295), *second, text))
    (grid,) = (block for block in found if isinstance(block, Grid))
    assert rows(grid) == [
        ["TT", "Nhiệm vụ", "Cơ quan chủ trì", "Thời hạn"],
        ["1", "Rà soát các hồ chứa trên địa bàn", "Sở Xây dựng", "30/6/2026"],
        ["2", "Lập phương án ứng phó", "Sở Tài chính", "Quý III"],
        ["3", "Báo cáo kết quả", "Sở Nội vụ", "15/7/2026"],
    ]


@pytest.mark.parametrize(
    "written",
    [
        # words run through where columns would part
        [HEADER, full("1 Rà soát các hồ chứa", 130), full("2 Lập phương án", 150)],
        # one row is no table
        [HEADER, columns(130, "1", "Rà soát", "Sở Xây dựng", "30/6/2026")],
        # rows without numbers
        [HEADER, *(columns(130 + 20 * n, "", "Rà soát", "Sở Xây dựng", "30/6/2026") for n in range(3))],
        # a header of something else
        [
            columns(100, "TT", "Họ và tên", "Ngày sinh", "Quê quán"),
            *(columns(130 + 20 * n, f"{n + 1}", "Lê Văn A", "01/01/1990", "Huế") for n in range(3)),
        ],
    ],
)
def test_what_is_no_table_without_lines(written: list[list[Word]]) -> None:
    assert not any(isinstance(block, Grid) for block in read(page(1, *written)))


@pytest.mark.parametrize(
    ("end", "item", "read_as"),
    [
        # a colon read as a semicolon: a list begins behind it
        ("Giao Cục Quản lý thi hành án dân sự;", "a) Chỉ đạo các đơn vị.", "Giao Cục Quản lý thi hành án dân sự:"),
        # within a list items end so
        ("a) Chỉ đạo các đơn vị;", "b) Rà soát hồ sơ.", "Chỉ đạo các đơn vị;"),
    ],
)
def test_a_list_is_led_by_a_colon(end: str, item: str, read_as: str) -> None:
    found = [each for each in read(page(1, seen(end, 200), seen(item, 240), *SEEN)) if isinstance(each, Paragraph)]
    assert found[0].text == read_as


def test_a_short_last_line_of_a_scan_read_in_capitals_goes_on_with_its_paragraph() -> None:
    first = seen("- các cơ quan, đơn vị có đất công được giao quản lý và sử dụng từ trước ngày sắp", 200)
    found = texts(page(1, first, seen("XẾP:", 200 + PITCH, size=17), *SEEN))
    assert found[0] == "- các cơ quan, đơn vị có đất công được giao quản lý và sử dụng từ trước ngày sắp XẾP:"
