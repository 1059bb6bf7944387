"""HTML pages as blocks: the article without the site around it, lists with their markers, tables with spans."""

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from lxml import html as lxml_html
from lxml.etree import ErrorTypes, LxmlError, ParserError
from lxml.etree import _Element as Element

from models import Block, Cell, Footnote, Grid, Paragraph
from models.document import ParagraphRole
from pipeline.reading import errors, flow, plain
from pipeline.reading.flow import LINE_BREAK, ParagraphBuilder
from pipeline.reading.media import is_whole_html
from pipeline.reading.numbering import roman

_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")

# fmt: off
_NO_TEXT = frozenset(
    [
        "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "math", "canvas",
        "video", "audio", "select", "option", "textarea", "input", "button", "head", "title", "meta",
        "link", "map",
    ]
)
# fmt: on
_SITE = frozenset(["nav", "aside", "footer", "form", "menu", "dialog"])
"""Elements that are the site's, not the article's."""
_SITE_ROLES = frozenset(
    ["navigation", "complementary", "banner", "contentinfo", "search", "menu", "menubar", "dialog"]
)
_SITE_NAME = re.compile(
    r"(?:^|[\s_-])(?:ads?|adv|advert\w*|quangcao|quang-cao|banner|sponsor\w*|promo\w*|nav|navbar|navigation|menu"
    r"|sidebar|side-bar|breadcrumbs?|related|tin-?lien-?quan|lienquan|comments?|binhluan|share|sharing|social"
    r"|footer|cookie\w*|popup|modal|newsletter|subscribe|tags?|pagination|skip-link|widget|most-?read|docnhieu)"
    r"(?=$|[\s_-])",
    re.IGNORECASE,
)
"""Words of `class` and `id` by which sites mark what is not the article."""
_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
_LINES = frozenset(["p", "li", "div", "dt", "dd"]) | _HEADINGS - {"h1"}
_PICTURE_TEXT = re.compile(
    r"(?:^|[\s_-])(?:caption|figcaption|chu-?thich|(?:photo|image|img|avatar)-?desc\w*)", re.IGNORECASE
)
"""Words of `class` by which sites mark the text of a picture."""
_PUBLISHED = frozenset(
    ["article:published_time", "datepublished", "pubdate", "publishdate", "dc.date", "dcterms.date"]
)
_PUBLISHED_DATA = re.compile(r'"datePublished"\s*:\s*"(\d{4}-\d{2}-\d{2})')
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_DATED = re.compile(
    r"(?:^|[\s_-])(?:date|time|datetime|pubdate|published|ngay|thoigian)(?=$|[\s_-])", re.IGNORECASE
)
_WRITTEN_DAY = re.compile(r"(?<!\d)\d{1,2}/\d{1,2}/20\d{2}(?!\d)")
# fmt: off
_BLOCKS = _HEADINGS | frozenset(
    [
        "p", "div", "section", "article", "main", "header", "blockquote", "pre", "li", "ul", "ol", "dl",
        "dt", "dd", "table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "figure", "figcaption",
        "address", "hr", "body", "html", "center", "details", "summary", "fieldset", "legend",
    ]
)
# fmt: on
_INLINE_BOLD, _INLINE_ITALIC = frozenset({"b", "strong", "th"}), frozenset({"i", "em", "cite"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CENTRED = re.compile(r"text-align\s*:\s*center", re.IGNORECASE)
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_ITALIC = re.compile(r"font-style\s*:\s*italic", re.IGNORECASE)
_NOTE = re.compile(r"[\[(]?(\d{1,3}|\*{1,3})[\])]?")
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
ARTICLE_SHARE = 0.4
"""An `article` (or the like) that holds this share of a page's paragraph text is what the page is about."""
LEAST_OF_AN_ARTICLE = 3
"""A cell that is a page's main column holds so many blocks."""
LEAST_OF_A_PAGE = 600
"""A form that holds so many characters of paragraphs is wrapped around the page, as some servers do."""
OPENING = 6
"""Among so many blocks at its head a page says when it was published, if it does."""
MOST_DEPTH = 200
"""Elements nested deeper than this are read as the text of the one above."""
MOST_SPAN = 1000
"""Columns or rows a cell may span, as browsers limit them."""


def read(path: Path) -> tuple[tuple[Block, ...], tuple[Footnote, ...]]:
    """Read an HTML file.

    Raises `Unreadable` where it holds no element or no text, or its end is missing, `TooLarge` where elements are
    nested too deeply.
    """
    data = path.read_bytes()
    if not is_whole_html(data):
        raise errors.Unreadable("no end")
    try:
        # `huge_tree`: 2,048 levels instead of 256. What is nested deeper the parser drops without an error.
        parser = lxml_html.HTMLParser(huge_tree=True)
        root = lxml_html.document_fromstring(_XML_DECLARATION.sub("", decode(data)), parser=parser)
    except (LxmlError, ParserError, ValueError) as error:
        raise errors.Unreadable(str(error)) from error
    if any(entry.type == ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        raise errors.TooLarge("elements nested too deeply")
    reader = _Reader(root)
    blocks = reader.blocks()
    if not blocks:
        raise errors.Unreadable("no text")
    return blocks, reader.footnotes


def decode(data: bytes) -> str:
    """Bytes of an HTML file as characters, by mark, by the file's own word, or by what fits."""
    declared = _CHARSET.search(data[:4096])
    if declared and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        name = declared.group(1).decode("ascii", "replace").lower()
        try:
            # What calls itself UTF-8 and is not is told by its bytes.
            return data.decode(name)
        except (LookupError, UnicodeDecodeError):
            return plain.decode(data)
    return plain.decode(data)


class _Reader:
    """One page being read: where its article is, and the footnotes met on the way."""

    def __init__(self, root: Element) -> None:
        self._root = root
        self._notes = _notes(root)
        self.footnotes = tuple(Footnote(name, _note_text(element)) for name, element in self._notes.items())

    def blocks(self) -> tuple[Block, ...]:
        """The article's paragraphs and tables; its title first where it stands outside of the article."""
        article = _article(self._root)
        blocks = list(self._blocks(article, 0))
        title = next((h1 for h1 in self._root.iter("h1") if not _is_site(h1) and _text(h1)), None)
        if title is not None and article not in title.iterancestors() and title is not article:
            blocks[:0] = self._blocks(title, 0)
        if (
            blocks
            and (day := _published(self._root))
            and not any(day in _told(block) for block in blocks[:OPENING])
        ):
            blocks.insert(1, Paragraph(text=day))
        return tuple(blocks)

    def _blocks(self, element: Element, depth: int, level: int = -1) -> Iterator[Block]:
        """Blocks of one element: runs of inline content as paragraphs, block elements by themselves."""
        if element.tag == "table":
            yield from self._table(element, depth)
            return
        if element.tag in ("ul", "ol"):
            yield from self._list(element, depth, level + 1)
            return
        yield from self._content(element, depth, level, None)

    def _content(self, element: Element, depth: int, level: int, marker: str | None) -> Iterator[Block]:
        """Inline runs between block children become paragraphs; the first one takes the list marker."""
        builder = ParagraphBuilder()
        emphasis = _emphasis(element, False, False)

        def flush() -> list[Paragraph]:
            nonlocal builder, marker
            finished = builder.finish(
                role=_role(element),
                marker=marker,
                style=str(element.tag),
                level=max(level, 0) if marker else None,
                centred=_is_centred(element),
            )
            builder = ParagraphBuilder()
            if finished:
                marker = None
            return finished

        builder.add(element.text or "", *emphasis)
        for child in element:
            if _is_left_out(child) or child in self._notes.values():
                pass
            elif child.tag in _BLOCKS and depth < MOST_DEPTH:
                yield from flush()
                if marker and child.tag not in ("ul", "ol", "table"):
                    inner = list(self._content(child, depth + 1, level, marker))
                    marker = None if inner else marker
                    yield from inner
                else:
                    yield from self._blocks(child, depth + 1, level)
            elif depth < MOST_DEPTH and _holds_blocks(child):
                yield from flush()
                yield from self._content(child, depth + 1, level, marker)
            elif depth < MOST_DEPTH:
                self._inline(child, builder, *emphasis, depth)
            else:
                builder.add(_text(child), *emphasis)
            builder.add(child.tail or "", *emphasis)
        yield from flush()

    def _inline(self, element: Element, builder: ParagraphBuilder, bold: bool, italic: bool, depth: int) -> None:
        """Add an inline element's text, footnote references as references, other raised digits as such."""
        if _is_left_out(element):
            return
        bold, italic = _emphasis(element, bold, italic)
        if element.tag == "br":
            builder.add(LINE_BREAK)
            return
        target = _reference(element)
        if target in self._notes:
            builder.refer(target)
            return
        if element.tag == "sup" and not len(element) and (element.text or "").strip().isdecimal():
            builder.add((element.text or "").strip().translate(_SUPERSCRIPT), bold, italic)
            return
        builder.add(element.text or "", bold, italic)
        for child in element:
            if _is_left_out(child):
                pass
            elif depth < MOST_DEPTH:
                self._inline(child, builder, bold, italic, depth + 1)
            else:
                builder.add(_text(child), bold, italic)
            builder.add(child.tail or "", bold, italic)

    def _list(self, element: Element, depth: int, level: int) -> Iterator[Block]:
        items = [child for child in element if child.tag == "li"]
        count = _integer(element.get("start"), len(items) if element.get("reversed") is not None else 1)
        step = -1 if element.get("reversed") is not None else 1
        for child in element:
            if child.tag != "li":
                if isinstance(child.tag, str) and not _is_left_out(child):
                    yield from self._blocks(child, depth + 1, level)
                continue
            count = _integer(child.get("value"), count)
            if not _is_left_out(child):
                marker = _marker(element, count)
                yield from self._content(child, depth + 1, level, marker)
            count += step

    def _table(self, table: Element, depth: int) -> Iterator[Block]:
        """A table as a grid; one that lays out the page (a single column, tables inside) as its contents."""
        for caption in table.iter("caption"):
            yield from self._content(caption, depth + 1, -1, None)
        cells: list[Cell] = []
        taken: set[tuple[int, int]] = set()
        rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
        for row_number, row in enumerate(rows):
            column = 0
            for cell in row:
                if cell.tag not in ("td", "th"):
                    continue
                while (row_number, column) in taken:
                    column += 1
                width = min(MOST_SPAN, max(1, _integer(cell.get("colspan"), 1)))
                height = _integer(cell.get("rowspan"), 1)
                # A row span of 0 reaches to the end; none reaches beyond it.
                height = len(rows) - row_number if height == 0 else min(height, len(rows) - row_number)
                taken |= set(product(range(row_number, row_number + height), range(column, column + width)))
                paragraphs = tuple(_flat(self._content(cell, depth + 1, -1, None)))
                cells.append(Cell(row_number, column, max(1, height), width, paragraphs=paragraphs))
                column += width
        grid = flow.grid(cells)
        if grid is None:
            return
        lays_out = table.get("role") in ("presentation", "none") or next(table.iter("table"), table) is not table
        if grid.columns == 1 or (lays_out and next(table.iterdescendants("table"), None) is not None):
            for cell in (cell for row in rows for cell in row if cell.tag in ("td", "th")):
                yield from self._content(cell, depth + 1, -1, None)
        else:
            yield grid


def _published(root: Element) -> str | None:
    """The day a page says in its head that it was published, as `31/10/2025`."""
    said = [
        element.get("content") or ""
        for element in root.iter("meta")
        if (element.get("property") or element.get("name") or element.get("itemprop") or "").lower() in _PUBLISHED
    ]
    said += [
        found.group(1)
        for script in root.iter("script")
        if (found := _PUBLISHED_DATA.search(script.text or "")) is not None
    ]
    said += [element.get("datetime") or "" for element in root.iter("time")]
    day = next((found for text in said if (found := _DAY.match(text)) is not None), None)
    if day is not None:
        return f"{day[3]}/{day[2]}/{day[1]}"
    shown = [_text(element) for element in root.iter() if _DATED.search(element.get("class") or "")]
    return next((found[0] for text in shown if len(text) < 80 and (found := _WRITTEN_DAY.search(text))), None)


def _told(block: Block) -> str:
    return block.text if isinstance(block, Paragraph) else ""


def _flat(blocks: Iterator[Block]) -> Iterator[Paragraph]:
    """Paragraphs of blocks, those in tables included."""
    for block in blocks:
        if isinstance(block, Grid):
            for cell in block.cells:
                yield from cell.paragraphs
        else:
            yield block


def _article(root: Element) -> Element:
    """The element that holds what the page is about: an article by name, else where most paragraph text is."""
    body = root.find("body")
    body = root if body is None else body
    weights = _weights(body)
    named = [
        element
        for element in weights
        if element.tag in ("article", "main")
        or element.get("itemprop") == "articleBody"
        or element.get("role") in ("main", "article")
    ]
    least = max(ARTICLE_SHARE * weights[body], 0.8 * max((weights[element] for element in named), default=0))
    # Of those that hold nearly all of it the innermost: `main` holds the site's boxes too.
    enough = [element for element in named if weights[element] >= least > 0]
    return max(enough, key=_depth) if enough else _main_cell(body, weights)


def _main_cell(body: Element, weights: dict[Element, int]) -> Element:
    """The cell that holds most of the text, where tables lay out the page as old portals do; else `body`."""
    found = element = body
    while True:
        heaviest = max((child for child in element if child in weights), key=weights.__getitem__, default=None)
        if heaviest is None or weights[heaviest] < ARTICLE_SHARE * weights[body]:
            return found
        element = heaviest
        if element.tag == "td" and sum(1 for child in element if child.tag in _BLOCKS) >= LEAST_OF_AN_ARTICLE:
            found = element


def _weights(body: Element) -> dict[Element, int]:
    """Characters of text outside of links in every element that is not the site's."""
    order: list[Element] = []
    stack = [body]
    while stack:
        element = stack.pop()
        order.append(element)
        stack += [child for child in element if not _is_left_out(child)]
    weights: dict[Element, int] = {}
    for element in reversed(order):
        weights[element] = len((element.text or "").strip()) + sum(
            len((child.tail or "").strip()) + (weights.get(child, 0) if child.tag != "a" else 0)
            for child in element
        )
    return weights


def _depth(element: Element) -> int:
    return sum(1 for _ in element.iterancestors())


def _is_left_out(element: Element) -> bool:
    """Comments, elements without text of their own, hidden ones and the site's."""
    if not isinstance(element.tag, str) or element.tag in _NO_TEXT:
        return True
    hidden = element.get("hidden") is not None or element.get("aria-hidden") == "true"
    hidden = hidden or bool(_HIDDEN.search(element.get("style") or ""))
    return hidden or _is_site(element) or _is_only_links(element)


def _is_only_links(element: Element) -> bool:
    """Whether a paragraph or list item only leads elsewhere: a menu, a box of other news within an article."""
    if element.tag not in _LINES or _holds_blocks(element):
        return False
    linked = sum(_letters(link) for link in element.iter("a") if link.get("href") is not None)
    return 0 < linked == _letters(element)


def _letters(element: Element) -> int:
    return sum(map(str.isalnum, _text(element)))


def _is_site(element: Element) -> bool:
    """Whether an element is navigation, advertisement or the like."""
    if element.tag in ("html", "body", "article", "main"):
        return False
    if element.tag == "form":
        return sum(len(_text(paragraph)) for paragraph in element.iter("p", "h1")) < LEAST_OF_A_PAGE
    if element.tag in _SITE or element.get("role") in _SITE_ROLES:
        return True
    # The site's own header stands outside of any article.
    if element.tag == "header" and next(element.iterancestors("article", "main"), None) is None:
        return element.find(".//h1") is None
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return bool(_SITE_NAME.search(names))


def _holds_blocks(element: Element) -> bool:
    return any(child.tag in _BLOCKS for child in element.iterdescendants() if isinstance(child.tag, str))


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _emphasis(element: Element, bold: bool, italic: bool) -> tuple[bool, bool]:
    style = element.get("style") or ""
    return (
        bold or element.tag in _INLINE_BOLD or element.tag in _HEADINGS or bool(_BOLD.search(style)),
        italic or element.tag in _INLINE_ITALIC or bool(_ITALIC.search(style)),
    )


def _is_centred(element: Element) -> bool:
    return (
        (element.get("align") or "").lower() == "center"
        or bool(_CENTRED.search(element.get("style") or ""))
        or next(element.iterancestors("center"), None) is not None
    )


def _role(element: Element) -> ParagraphRole:
    if element.tag in _HEADINGS:
        return "heading"
    described = element.tag in ("figcaption", "caption") or _PICTURE_TEXT.search(element.get("class") or "")
    return "caption" if described else "body"


def _marker(element: Element, count: int) -> str | None:
    """The marker a browser shows before an item; a hyphen for bullets."""
    if re.search(r"list-style(?:-type)?\s*:\s*none", element.get("style") or ""):
        return None
    if element.tag == "ul":
        return "-"
    letter = chr(ord("a") + (count - 1) % 26)
    match element.get("type"):
        case "a":
            return f"{letter})"
        case "A":
            return f"{letter.upper()}."
        case "i":
            return f"{roman(count).lower()}."
        case "I":
            return f"{roman(count)}."
        case _:
            return f"{count}."


def _integer(value: str | None, default: int) -> int:
    return int(value) if value and re.fullmatch(r"-?\d{1,6}", value.strip()) else default


def _reference(element: Element) -> str:
    """The note a link refers to, where it looks like a footnote mark; empty otherwise."""
    link = element if element.tag == "a" else next(iter(element.findall("a")), None)
    if element.tag not in ("a", "sup") or link is None or not _NOTE.fullmatch(_text(element)):
        return ""
    href = link.get("href") or ""
    return href[1:] if href.startswith("#") else ""


def _notes(root: Element) -> dict[str, Element]:
    """Footnotes by the name their references use: blocks that a mark before them links to."""
    targets: dict[str, Element] = {}
    for element in root.iter():
        if isinstance(element.tag, str):
            for name in (element.get("id"), element.get("name") if element.tag == "a" else None):
                if name:
                    targets.setdefault(name, element)
    order = {element: number for number, element in enumerate(root.iter())}
    notes: dict[str, Element] = {}
    for link in root.iter("a"):
        name = _reference(link)
        target = targets.get(name)
        if target is None or order[target] < order[link]:
            continue
        block = target if target.tag in _BLOCKS else next(target.iterancestors(*_BLOCKS), None)
        if block is not None and link not in block.iterdescendants():
            notes[name] = block
    return notes


def _note_text(element: Element) -> str:
    """A footnote without the mark it begins with."""
    return re.sub(rf"^{_NOTE.pattern}[.:]?\s*", "", _text(element))
