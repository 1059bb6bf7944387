"""Names of parallel parts in a letter's own words; matters told within one paragraph; tables set upright."""

import pytest

from extractors import fields, part_labels
from models import Block, Cell, Grid, Paragraph


def kind_of(text: str) -> str | None:
    """Stands in for the readers of bodies and dates."""
    return "lead" if text.startswith("Sở ") else "deadline" if text.startswith("Tháng ") else None


def blocks(*texts: str) -> list[Block]:
    return [Paragraph(text) for text in texts]


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Việc cần làm", "task"),
        ("Hướng xử lý", "task"),
        ("Đầu mối thực hiện", "lead"),
        ("Mốc hoàn thành", "deadline"),
        ("Biểu hiện", "other"),
        # near misses: a sentence, a word of the subject
        ("Giải pháp của các tỉnh phía Bắc năm nay", None),
        ("Hạ tầng", None),
    ],
)
def test_names_by_their_words(name: str, field: str | None) -> None:
    assert part_labels.named(name) == field


def test_names_that_a_letter_repeats() -> None:
    found = part_labels.find(
        blocks(
            "Vướng mắc số 1. Thiếu kho",
            "Cách gỡ. Xây dựng thêm kho.",  # told by what stands behind it
            "Về ai. Sở Y tế.",
            "Chừng nào. Tháng 5/2026.",
            "Vướng mắc số 2. Thiếu người",
            "Cách gỡ. Tuyển dụng thêm người.",
            "Về ai. Sở Nội vụ.",
            "Chừng nào. Tháng 6/2026.",
            "Ghi chú. Một lần thì không là tên.",
        ),
        range(9),
        kind_of,
    )
    assert [(index, label.field) for index, label in sorted(found.items())] == [
        (0, "other"),
        (1, "task"),
        (2, "lead"),
        (3, "deadline"),
        (4, "other"),
        (5, "task"),
        (6, "lead"),
        (7, "deadline"),
    ]


@pytest.mark.parametrize(
    "texts",
    [
        # nothing says who or when
        ("Cách gỡ. Xây dựng thêm kho.", "Cách gỡ. Tuyển thêm người."),
        # nothing says what is to be done
        ("Đầu mối. Sở Y tế.", "Đầu mối. Sở Nội vụ."),
    ],
)
def test_repeated_words_that_are_no_parts(texts: tuple[str, ...]) -> None:
    assert not part_labels.find(blocks(*texts), range(len(texts)), kind_of)


@pytest.mark.parametrize(
    ("text", "tasks"),
    [
        (
            "Kho đã cũ. Giải pháp: sửa ba kho; Trách nhiệm: Sở Y tế; Hoàn thành: 31.7.2026. Còn kho mượn.",
            ["sửa ba kho"],
        ),
        # two matters in one paragraph
        (
            "Giải pháp: sửa kho; Trách nhiệm: Sở Y tế. Giải pháp: tuyển người; Trách nhiệm: Sở Nội vụ.",
            ["sửa kho", "tuyển người"],
        ),
        # near misses: neither who nor when, a single name
        ("Giải pháp: sửa ba kho; Nguyên nhân: thiếu vốn.", []),
        ("Giải pháp: sửa ba kho trước 30/6.", []),
    ],
)
def test_matters_within_a_paragraph(text: str, tasks: list[str]) -> None:
    matters = fields.in_prose(text)
    assert [text[start:end] for matter in matters for start, end in matter.tasks] == tasks


@pytest.mark.parametrize(
    ("text", "ordinal", "expected"),
    [
        ("Lần lượt là Sở Y tế; Sở Nội vụ.", 2, "Sở Nội vụ"),
        ("Tương ứng: 31/12/2026; 15/01/2027.", 1, "31/12/2026"),
        # no order said: all of it is for each
        ("Sở Y tế; Sở Nội vụ", 2, "Sở Y tế; Sở Nội vụ"),
    ],
)
def test_parts_in_the_order_of_the_items(text: str, ordinal: int, expected: str) -> None:
    assert fields.meant_for(text, ordinal) == expected


def grid(*rows: tuple[str, str]) -> Grid:
    cells = [Cell(r, c, paragraphs=(Paragraph(text),)) for r, row in enumerate(rows) for c, text in enumerate(row)]
    return Grid(len(rows), 2, tuple(cells))


def texts(found: Grid) -> list[list[str]]:
    return [[cell.text for cell in found.cells if cell.row == row] for row in range(found.rows)]


def test_a_table_whose_first_column_names_the_fields_is_turned() -> None:
    turned = part_labels.upright(
        grid(
            ("Vấn đề", "Thiếu kho"),
            ("Giải pháp", "Sửa kho"),
            ("Cơ quan chủ trì", "Sở Y tế"),
            ("Vấn đề", "Thiếu người"),
            ("Giải pháp", "Tuyển người"),
            ("Cơ quan chủ trì", "Sở Nội vụ"),
        )
    )
    assert texts(turned) == [
        ["Vấn đề", "Giải pháp", "Cơ quan chủ trì"],
        ["Thiếu kho", "Sửa kho", "Sở Y tế"],
        ["Thiếu người", "Tuyển người", "Sở Nội vụ"],
    ]


@pytest.mark.parametrize(
    "table",
    [
        # an ordinary table of two columns, with its header
        grid(("Nhiệm vụ", "Cơ quan chủ trì"), ("Sửa kho", "Sở Y tế"), ("Tuyển người", "Sở Nội vụ")),
        # a first column that names no fields
        grid(("Huyện A", "12"), ("Huyện B", "7"), ("Huyện C", "3")),
    ],
)
def test_other_tables_stand_as_they_are(table: Grid) -> None:
    assert part_labels.upright(table) is table
