"""TCVN3 and VNI to Unicode: letters both ways, fonts told by name and by what they read, hyphens that are ư."""

from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from extractors import extract
from models import Box, Document, Letter, Task, Word
from pipeline.reading import encodings, pages
from pipeline.reading.encodings import LINE_END_HYPHEN, from_tcvn3, from_vni, to_tcvn3, to_vni
from tests.paper import Sheet, write

LETTERS = "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ"
TEXT = (
    "Giao Sở Xây dựng chủ trì, phối hợp với các đơn vị liên quan kiểm tra những hồ chứa nước xuống cấp, đề xuất "
    "phương án sửa chữa, gửi về trước ngày 15 tháng 8 năm 2026 để tổng hợp."
)


@pytest.mark.parametrize("letter", LETTERS)
def test_every_letter_goes_there_and_back(letter: str) -> None:
    assert from_tcvn3(to_tcvn3(letter)) == letter
    assert from_tcvn3(to_tcvn3(letter), capitals=True) == letter.upper()
    for cased in (letter, letter.upper()):
        assert from_vni(to_vni(cased)) == cased
    assert len(to_tcvn3(letter)) == 1
    assert (to_tcvn3(letter) + to_vni(letter)).encode("latin-1")


@pytest.mark.parametrize(
    ("codes", "shown"),
    [
        # the letterhead as anybody who opened such a file without its font has seen it
        ("Céng hßa x· héi chñ nghÜa ViÖt Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
        ("§éc lËp - Tù do - H¹nh phóc", "Độc lập - Tự do - Hạnh phúc"),
        ("n\xad\xedc, ®\xad\xeec", "nước, được"),
        ("sè 30/2020/N§-CP", "số 30/2020/NĐ-CP"),
        # the micro sign by its Greek name, and codes of a symbolic font
        ("ng\u03bcy", "ngày"),
        ("th\uf0b8ng", "tháng"),
    ],
)
def test_tcvn3_as_it_is_met(codes: str, shown: str) -> None:
    assert from_tcvn3(codes) == shown


@pytest.mark.parametrize(
    ("codes", "shown"),
    [
        ("COÄNG HOØA XAÕ HOÄI CHUÛ NGHÓA VIEÄT NAM", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        ("Ñoäc laäp - Töï do - Haïnh phuùc", "Độc lập - Tự do - Hạnh phúc"),
        ("Quyeát ñònh, ngaøy, ñöôïc, nöôùc", "Quyết định, ngày, được, nước"),
    ],
)
def test_vni_as_it_is_met(codes: str, shown: str) -> None:
    assert from_vni(codes) == shown


@pytest.mark.parametrize(
    ("read", "shown"),
    [
        # U+00AD read as a hyphen, within a word, at its end, at its start, at the end of a line
        ("tr-\xedc", "trước"),
        ("th-,", "thư,"),
        ("-u tiªn", "ưu tiên"),
        ("t" + LINE_END_HYPHEN, "tư"),
        # hyphens that are hyphens
        ("kinh tÕ-x· héi", "kinh tế-xã hội"),
        ("H§ND-UBND", "HĐND-UBND"),
        ("- Giao", "- Giao"),
        ("-", "-"),
    ],
)
def test_hyphens_that_are_letters(read: str, shown: str) -> None:
    assert from_tcvn3(read) == shown


@pytest.mark.parametrize(
    ("font", "encoding"),
    [
        (".VnTime", "TCVN3"),
        (".VnArialH", "TCVN3"),
        ("VnTimes,Bold", "TCVN3"),
        ("VNI-Times", "VNI"),
        ("VNI Helve", "VNI"),
        # Unicode fonts
        ("TimesNewRomanPSMT", None),
        ("Vollkorn", None),
        ("", None),
    ],
)
def test_fonts_are_told_by_name(font: str, encoding: str | None) -> None:
    assert encodings.encoding_of_font(font) == encoding


def words(text: str, font: str) -> list[Word]:
    return [Word(word, Box(0, 0, 1, 1), font=font) for word in text.split()]


def shown(found: list[Word]) -> str:
    converted, _ = encodings.converted(found)
    return " ".join(word.text for word in converted)


@pytest.mark.parametrize(
    ("to", "font"),
    [*product((to_tcvn3,), (".VnTime", "ABCDE")), *product((to_vni,), ("VNI-Times", "ABCDE"))],
)
def test_a_page_is_converted_by_font_or_by_what_it_reads(to: Callable[[str], str], font: str) -> None:
    assert shown(words(to(TEXT), font)) == TEXT


@pytest.mark.parametrize(
    ("text", "font"),
    [
        # a font that has been given Unicode letters under its old name
        (TEXT, ".VnTime"),
        (TEXT, "VNI-Times"),
        # French in a plain font is no old encoding
        ("Société Générale des Établissements à Genève où là-bas été élève", "Times"),
        ("", "Times"),
    ],
)
def test_unicode_stays(text: str, font: str) -> None:
    assert shown(words(text, font)) == text


@pytest.mark.parametrize(
    ("text", "to"),
    [
        # too few syllables among names and symbols to go by their share
        ("Kính gửi: Microsoft Samsung Viettel Vinaphone Mobifone", to_tcvn3),
        ("Kính gửi: Microsoft Samsung Viettel Vinaphone Mobifone", to_vni),
        ("Nơi nhận: Microsoft Samsung Viettel Vinaphone", to_tcvn3),
    ],
)
def test_a_font_is_told_by_what_a_letterhead_says(text: str, to: Callable[[str], str]) -> None:
    assert shown(words(to(text), "ABCDE")) == text


def test_fonts_of_one_page_are_converted_each_by_itself() -> None:
    page = words(TEXT, "Times") + words(to_tcvn3("kế hoạch"), ".VnTimeH") + words(to_vni("số 5"), "VNI-Times")
    assert shown(page) == f"{TEXT} KẾ HOẠCH số 5"


@pytest.mark.parametrize(("to", "font"), [(to_tcvn3, ".VnTime"), (to_vni, "VNI-Times")])
def test_a_pdf_page_reads_as_its_unicode_twin(tmp_path: Path, to: Callable[[str], str], font: str) -> None:
    def made(name: str, text: str, base: str) -> str:
        path = write(tmp_path / name, Sheet(width=1400).text(36, 700, text, font="Old"), fonts={"Old": base})
        (page,) = pages.from_text_layer(path, range(1, 2))
        assert page.source == "text_layer"
        return " ".join(word.text for word in page.words)

    assert made("old.pdf", to(TEXT), font) == made("new.pdf", TEXT, "Times-Roman") == TEXT


def test_a_word_may_begin_in_a_font_of_capitals() -> None:
    # TCVN3 has no Ủ: it is set as ủ in the font of capitals, the rest of the word in the common one
    first = encodings.as_capital(to_tcvn3("ủ"))
    page = words(to_tcvn3(TEXT), ".VnTime") + words(f"{first}y", ".VnTimeH")
    assert shown(page) == f"{TEXT} Ủy"


@pytest.mark.parametrize(
    ("sample", "twin"),
    [
        ("formats/f2-tourism-plan-tcvn3.pdf", "04-tourism-plan.pdf"),
        ("formats/f3-livestock-letter-vni.pdf", "01-livestock-letter.pdf"),
    ],
)
def test_a_letter_in_an_old_encoding_gives_the_tasks_of_its_twin(sample: str, twin: str) -> None:
    def letter(name: str) -> Letter:
        found = pages.from_text_layer(Path("samples", name), range(1, 5))
        assert all(page.source == "text_layer" for page in found)
        return extract(Document("", "application/pdf", "", tuple(found)))

    old, new = letter(sample), letter(twin)
    assert len(old.tasks) > 20
    assert [told(task) for task in old.tasks] == [told(task) for task in new.tasks]
    for field in ("code_number", "code_notation", "issued_date", "organ_name", "subject", "recipients", "copies"):
        assert getattr(old, field) == getattr(new, field)


def told(task: Task) -> tuple[object, ...]:
    """What a task says, places apart."""
    leads, coops = ([body.name for body in bodies] for bodies in (task.leads, task.coops))
    return (
        task.text,
        leads,
        coops,
        task.deadline.text,
        task.deadline.date,
        task.source_doc,
        task.result,
        task.modality,
    )


def test_a_legacy_font_that_cannot_be_converted_is_recognised(tmp_path: Path) -> None:
    text = "g9jw k8dq zx7v " * 20
    path = write(tmp_path / "a.pdf", Sheet(width=1400).text(36, 700, text, font="Old"), fonts={"Old": "VNI-Times"})
    (page,) = pages.from_text_layer(path, range(1, 2))
    assert page.source == "unread"
