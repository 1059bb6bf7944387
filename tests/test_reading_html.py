"""HTML: the article without its site, lists with markers, tables, footnotes, encodings."""

from pathlib import Path

import pytest

from models import Grid, Paragraph
from pipeline.reading import errors, html


def blocks(tmp_path: Path, body: str, head: str = "<meta charset='utf-8'>") -> list[Paragraph | Grid]:
    path = tmp_path / "a.html"
    path.write_bytes(f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode())
    return list(html.read(path)[0])


def told(found: list[Paragraph | Grid]) -> list[tuple[str | None, str]]:
    return [(block.marker, block.text) for block in found if isinstance(block, Paragraph)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # paragraphs; white space collapsed, entities resolved
        ("<p>Sở Y\n  tế&nbsp;báo cáo</p><p>&#7910;y ban</p>", [(None, "Sở Y tế báo cáo"), (None, "Ủy ban")]),
        # text that stands in no paragraph
        (
            "<div>Kính gửi: <b>các xã</b><p>Nội dung</p>./.</div>",
            [(None, "Kính gửi: các xã"), (None, "Nội dung"), (None, "./.")],
        ),
        # lists: numbers as a browser shows them, bullets as hyphens
        ("<ol><li>một<li>hai</ol>", [("1.", "một"), ("2.", "hai")]),
        ("<ol type='a' start='3'><li>ba</ol>", [("c)", "ba")]),
        ("<ol type='I'><li>một<li value='4'>bốn</ol>", [("I.", "một"), ("IV.", "bốn")]),
        ("<ul><li><p>một</p><p>thêm</p></li></ul>", [("-", "một"), (None, "thêm")]),
        ("<ul style='list-style: none'><li>không dấu</ul>", [(None, "không dấu")]),
        # a list in a list
        ("<ol><li>trên<ul><li>dưới</ul></ol>", [("1.", "trên"), ("-", "dưới")]),
        # lines broken by hand are one paragraph, list items and blank lines are not
        ("<p>một<br>dòng</p>", [(None, "một dòng")]),
        ("<p>Giao:<br>- Sở A;<br>- Sở B.</p>", [(None, "Giao:"), (None, "- Sở A;"), (None, "- Sở B.")]),
        ("<p>đoạn<br><br>khác</p>", [(None, "đoạn"), (None, "khác")]),
        # raised digits without a link stay told apart from the text
        ("<p>120 m<sup>2</sup></p>", [(None, "120 m²")]),
        # what is hidden, scripted or commented is no text
        ("<p>có</p><script>a</script><!-- b --><p hidden>c</p><p style='display:none'>d</p>", [(None, "có")]),
    ],
)
def test_paragraphs(tmp_path: Path, body: str, expected: list[tuple[str | None, str]]) -> None:
    assert told(blocks(tmp_path, body)) == expected


ARTICLE = ("<p>" + "Chủ tịch phường yêu cầu các tổ dân phố dọn vệ sinh trước ngày lễ. " * 5 + "</p>") * 3


@pytest.mark.parametrize(
    "site",
    [
        "<nav><a href='/'>Trang chủ</a></nav>%s",
        "<header><img><p>Cổng thông tin</p></header><main>%s</main><footer>Bản quyền</footer>",
        "<div class='col menu-left'><p>Tin nổi bật</p></div><div>%s</div>",
        "<div>%s</div><aside><p>Quảng cáo</p></aside><div id='related-news'><p>Tin liên quan</p></div>",
        "<main><article>%s</article><section><p>Đọc nhiều tuần qua</p></section></main>",
        # a form around the whole page, which tables lay out (portals of offices)
        "<form><table><tr><td><div>Lịch công tác</div><div>17/3: Họp</div></td><td>%s</td></tr></table></form>",
        "<form><input name=q><p>Tìm kiếm</p></form>%s",
        # links to other news, beside the article and within it
        "<ul><li><a href='/1'>Yêu cầu các sở báo cáo trước 31/8</a></li></ul>%s",
        "<article>%s<p><a href='/1'>Trang chủ</a> &gt; <a href='/2'>Thời sự</a></p></article>",
        "<div itemprop='articleBody'>%s<div class='ads'>Mua ngay</div></div><div><p>Liên hệ tòa soạn</p></div>",
    ],
)
def test_the_article_without_its_site(tmp_path: Path, site: str) -> None:
    assert told(blocks(tmp_path, site % ARTICLE)) == told(blocks(tmp_path, ARTICLE))


@pytest.mark.parametrize(
    "head",
    [
        "<meta property='article:published_time' content='2025-10-31T19:05:00+07:00'>",
        "<meta itemprop=datePublished content='2025-10-31'>",
        '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2025-10-31T19:05"}</script>',
    ],
)
def test_the_day_of_publication_said_in_the_head(tmp_path: Path, head: str) -> None:
    found = blocks(tmp_path, f"<h1>Họp giao ban</h1>{ARTICLE}", head)
    assert told(found)[:2] == [(None, "Họp giao ban"), (None, "31/10/2025")]
    # once is enough
    dated = blocks(tmp_path, f"<h1>Họp giao ban</h1><p>Thứ Sáu, 31/10/2025</p>{ARTICLE}", head)
    assert [text for _, text in told(dated)].count("31/10/2025") == 0


@pytest.mark.parametrize(
    "body",
    [
        # an anchor that leads nowhere, a link within a sentence
        "<p><a name='dieu_1'>Giữ lại</a></p>",
        # words that only look like a site's: `header` of a table, `adverb`, an `address`
        "<div class='table-header'><p>Giữ lại</p></div>",
        "<div class='shadow'><p>Giữ lại</p></div>",
        "<div id='loads'><p>Giữ lại</p></div>",
    ],
)
def test_names_that_are_no_site(tmp_path: Path, body: str) -> None:
    assert told(blocks(tmp_path, body)) == [(None, "Giữ lại")]


def test_a_link_within_a_sentence_stays(tmp_path: Path) -> None:
    assert told(blocks(tmp_path, "<p>Theo <a href='/1'>Công văn 12</a></p>")) == [(None, "Theo Công văn 12")]


def test_the_title_outside_of_the_article_comes_first(tmp_path: Path) -> None:
    found = blocks(tmp_path, f"<div><h1>Họp giao ban</h1></div><article>{ARTICLE}</article>")
    assert isinstance(found[0], Paragraph)
    assert (found[0].role, found[0].text, found[0].style) == ("heading", "Họp giao ban", "h1")


def test_captions_and_emphasis(tmp_path: Path) -> None:
    caption, plain = blocks(
        tmp_path,
        "<figure><figcaption>Ảnh: An</figcaption></figure><p align='center'><b>Điều 1.</b> <i>Giao</i></p>",
    )
    assert isinstance(caption, Paragraph)
    assert isinstance(plain, Paragraph)
    assert caption.role == "caption"
    assert (plain.centred, plain.bold, plain.italic) == (True, False, False)
    assert [(plain.text[p.start : p.end].strip(), p.bold, p.italic) for p in plain.pieces] == [
        ("Điều 1.", True, False),
        ("", False, False),
        ("Giao", False, True),
    ]


def test_tables_with_spans(tmp_path: Path) -> None:
    (table,) = blocks(
        tmp_path,
        "<table><tr><th rowspan=2>TT<th colspan=2>Cơ quan<tr><th>Chủ trì<th>Phối hợp"
        "<tr><td>1<td>Sở A<td><p>Sở B</p><p>Sở C</p></table>",
    )
    assert isinstance(table, Grid)
    assert [(c.row, c.column, c.row_span, c.column_span, c.text) for c in table.cells] == [
        (0, 0, 2, 1, "TT"),
        (0, 1, 1, 2, "Cơ quan"),
        (1, 1, 1, 1, "Chủ trì"),
        (1, 2, 1, 1, "Phối hợp"),
        (2, 0, 1, 1, "1"),
        (2, 1, 1, 1, "Sở A"),
        (2, 2, 1, 1, "Sở B Sở C"),
    ]


def test_a_table_that_lays_out_the_page_is_its_contents(tmp_path: Path) -> None:
    found = blocks(tmp_path, "<table><tr><td><p>một</p><table><tr><td>a<td>b</table></table>")
    assert [type(block) for block in found] == [Paragraph, Grid]


def test_footnotes(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(
        "<meta charset=utf-8><p>Đã cấp<sup><a href='#n1'>[1]</a></sup> giấy.</p>"
        "<hr><div id=n1><p>[1] Tính đến nay.</p></div>",
        encoding="utf-8",
    )
    (paragraph,), (note,) = html.read(path)
    assert isinstance(paragraph, Paragraph)
    assert (paragraph.text, paragraph.references) == ("Đã cấp giấy.", ((6, "n1"),))
    assert (note.id, note.text) == ("n1", "Tính đến nay.")


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ("<meta charset='utf-8'>", "utf-8"),
        ("<meta http-equiv='Content-Type' content='text/html; charset=windows-1258'>", "cp1258"),
        # nothing said
        ("", "utf-8"),
        # something wrong said
        ("<meta charset='iso-8859-17'>", "utf-8"),
        # said by the bytes
        ("", "utf-16"),
    ],
)
def test_encodings(tmp_path: Path, head: str, encoding: str) -> None:
    path = tmp_path / "a.html"
    # Letters that CP1258 has whole.
    path.write_bytes(f"<html><head>{head}</head><body><p>Sân vân đông</p></body></html>".encode(encoding))
    assert told(list(html.read(path)[0])) == [(None, "Sân vân đông")]


def test_deep_nesting_costs_no_more_than_the_text(tmp_path: Path) -> None:
    for tag in ("div", "span"):
        found = blocks(tmp_path, f"<{tag}>" * 1500 + "sâu" + f"</{tag}>" * 1500)
        assert told(found) == [(None, "sâu")]


def test_text_that_the_parser_would_drop_is_no_silent_gap(tmp_path: Path) -> None:
    with pytest.raises(errors.TooLarge):
        blocks(tmp_path, "<div>" * 3000 + "sâu")


@pytest.mark.parametrize(
    "page",
    [
        # the end of a page that was begun is missing
        "<html><head><title>Tin</title></head><body><p>Giao Sở Y tế báo cáo",
        # no text at all: its marks are broken
        "<html><head><title>Tin</title><script>Giao Sở Y tế báo cáo</body></html>",
    ],
)
def test_a_page_that_is_harmed_is_no_silent_gap(tmp_path: Path, page: str) -> None:
    path = tmp_path / "a.html"
    path.write_text(page, encoding="utf-8")
    with pytest.raises(errors.Unreadable):
        html.read(path)
