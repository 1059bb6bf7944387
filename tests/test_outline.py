"""Which block stands under which."""

import pytest

from extractors import layout, outline
from models import Block, Document, Grid, Paragraph


def tree(*lines: str) -> list[str]:
    """The outline of lines (`**` set as headings) as `depth kind text`."""
    blocks = layout.blocks(Document("x", "text/plain", "0", blocks=tuple(_block(line) for line in lines)))
    nodes = outline.build(blocks, range(len(blocks)))
    return [f"{node.depth} {node.kind} {_name(blocks[node.block])}" for node in nodes]


def _block(line: str) -> Block:
    if line == "|":
        return Grid(1, 1, ())
    return Paragraph(line.strip("*"), role="heading" if line.startswith("**") else "body")


def _name(block: Block) -> str:
    return "|" if isinstance(block, Grid) else (block.marker or block.text.split()[0])


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(
            ("**I. NỘI DUNG", "1. Sở A:", "a) Làm.", "b) Xong.", "2. Sở B làm.", "**II. KINH PHÍ", "1. Chi."),
            [
                "0 heading I.",
                "1 introducer 1.",
                "2 item a)",
                "2 item b)",
                "1 item 2.",
                "0 heading II.",
                "1 item 1.",
            ],
            id="the decree's scheme B",
        ),
        pytest.param(
            ("**1. Chung", "**1.1. Việc", "- Một.", "**1.2. Khác", "- Hai.", "**2. Riêng"),
            ["0 heading 1.", "1 heading 1.1.", "2 item -", "1 heading 1.2.", "2 item -", "0 heading 2."],
            id="decimal numbers nest by depth",
        ),
        pytest.param(
            ("- Sở A:", "+ Một.", "+ Hai.", "- Sở B:", "+ Ba."),
            ["0 introducer -", "1 item +", "1 item +", "0 introducer -", "1 item +"],
            id="signs under labelled signs",
        ),
        pytest.param(
            ("- Sở A:", "- Một.", "- Hai.", "- Sở B:", "- Ba."),
            ["0 introducer -", "1 item -", "1 item -", "0 introducer -", "1 item -"],
            id="a list with its label's own sign",
        ),
        pytest.param(
            ("1. Sở A làm.", "Đoạn không đánh số.", "2. Sở B làm."),
            ["0 item 1.", "1 paragraph Đoạn", "0 item 2."],
            id="an unmarked paragraph goes on with the item above",
        ),
        pytest.param(
            ("**II. VIỆC", "1. Một.", "2. Hai.", "Đề nghị thực hiện:", "1. Ba.", "2. Bốn."),
            ["0 heading II.", "1 item 1.", "1 item 2.", "1 introducer Đề", "2 item 1.", "2 item 2."],
            id="an introducing paragraph ends the list before it and opens its own",
        ),
        pytest.param(
            ("Kết luận như sau:", "**I. MỘT", "1. A.", "**II. HAI", "1. B."),
            ["0 introducer Kết", "1 heading I.", "2 item 1.", "1 heading II.", "2 item 1."],
            id="headings under an introducing line keep their own lists",
        ),
        pytest.param(
            ("1.3. Kiến nghị", "Bộ A đề nghị các bộ sớm gửi báo cáo.", "1.4. Khác", "Xong."),
            ["0 heading 1.3.", "1 paragraph Bộ", "0 heading 1.4.", "1 paragraph Xong."],
            id="a short numbered line without a stop is a heading though not set as one",
        ),
        pytest.param(
            ("1. Rà soát quy hoạch", "2. Báo cáo kết quả", "3. Tổng hợp"),
            ["0 item 1.", "0 item 2.", "0 item 3."],
            id="near miss: short items of one list without stops are no headings",
        ),
        pytest.param(
            ("**a) Nhiệm vụ tháng 9:", "|", "**b) Nhiệm vụ tháng 10:", "|"),
            ["0 heading a)", "1 table |", "0 heading b)", "1 table |"],
            id="tables under their headings",
        ),
        pytest.param(
            ("**I. KẾT QUẢ", "Xong.", "**Bảng 1. Việc quá hạn", "|", "**II. VIỆC", "1. Một."),
            ["0 heading I.", "1 paragraph Xong.", "1 heading Bảng", "2 table |", "0 heading II.", "1 item 1."],
            id="the title of a table is that of the table alone",
        ),
        pytest.param(
            ("Đề nghị:", "1. Một.", "**BIỂU TỔNG HỢP VIỆC QUÁ HẠN", "|", "2. Hai."),
            ["0 introducer Đề", "1 item 1.", "0 heading BIỂU", "1 table |", "1 item 2."],
            id="a list goes on behind a table within it",
        ),
        pytest.param(
            ("1. Một.", "2. Hai.", "**PHỤ LỤC DANH MỤC VIỆC", "|", "1. Ba."),
            ["0 item 1.", "0 item 2.", "0 heading PHỤ", "1 table |", "1 item 1."],
            id="near miss: a list that begins anew stands under the title",
        ),
    ],
)
def test_outline(lines: tuple[str, ...], expected: list[str]) -> None:
    assert tree(*lines) == expected
