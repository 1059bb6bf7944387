#!/usr/bin/env python3
"""Makes samples and their gold from `sources/`: `python samples/make.py [--batch FOLDER] [NAME-PREFIX …]`.

With `--batch`, the sources are all of `FOLDER/sources/*.html` in this folder, and what is made stands in `FOLDER`;
`<html make="word">` names the maker of such a source (a key of MAKERS; a PDF with a text layer, if not said).

A source is HTML with a few tags of our own: `<letterhead>`, `<to>`, `<end>` (letterhead, addressees, recipients
and signature), `<tasktable>` (a row a line, cells parted by `|`), `<fn>` (a footnote) and `<t>`, which marks a
task where it stands. Gold is written from the marks, so its text is the document's; `check` proves it anyway.
In a table, `¶` breaks a line, `^` merges a cell with the one above, and `=>` gives the canonical names of a cell;
behind the name of a group row (`G|I|name`) it gives the lead of the rows below that have none of their own.

Attributes of `<t>` (and of a `<div>` around several): `l` lead, `c` cooperating (names parted by `|`), `d` the
deadline as written, `on` its ISO date, `k` its kind, `src`, `res`, `m` modality, `opt` optional, `n` note.
In a Word letterhead `right` gives other words than nation and motto, its lines parted by `|` (a Party letter).
`h="2"` makes a paragraph a heading of level 2, `as` gives its path text, `pop="2"` ends headings from level 2 on.

Needs the extra `samples` (WeasyPrint, with Pango) and Liberation fonts. Same input, same bytes.
"""

import argparse
import copy
import html
import io
import json
import re
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Any

import cv2
import docx
import numpy as np
import oldfonts
import pypdfium2 as pdfium
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt
from lxml import html as lxml_html
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from scan import scan
from weasyprint import CSS, HTML  # type: ignore[import-untyped]
from weasyprint.text.fonts import FontConfiguration  # type: ignore[import-untyped]

HERE = Path(__file__).parent
SOURCES = HERE / "sources"
DPI = 200
RED = (200, 24, 40)
INK = (30, 50, 150)
NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
MEGABYTE = 1_000_000
WORD_NS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
Task = dict[str, Any]
Gold = list[Task]


# --- sources and gold ------------------------------------------------------------------------------------------


def text_of(node: Any, notes: bool = False) -> str:
    """The node's text with white space collapsed; footnotes left out unless `notes`."""
    node = copy.deepcopy(node)
    node.tail = None
    if not notes:
        for note in node.xpath(".//fn"):
            note.drop_tree()
    return " ".join(node.text_content().split())


def inherited(node: Any, name: str) -> str | None:
    """The attribute of the nearest element from `node` outwards that has it."""
    while node is not None:
        if name in node.attrib:
            return str(node.get(name))
        node = node.getparent()
    return None


def names(value: str | None, separator: str = "|") -> list[str]:
    """A list of agency names."""
    return [part.strip() for part in (value or "").split(separator) if part.strip()]


def record(text: str, section: str, due: tuple[str | None, str, str | None], **rest: object) -> Task:
    """One gold task; `due` is (as written, kind, ISO date)."""
    written, kind, day = due
    task: Task = {
        "id": "",
        "text": text,
        "lead": [],
        "coop": [],
        "deadline_text": written,
        "deadline_kind": kind,
        "deadline_date": day,
        "source_doc": None,
        "result": None,
        "modality": "assigned",
        "section": section,
        "optional": False,
        "note": None,
    }
    return task | rest


def marked_task(node: Any, section: str) -> Task:
    """The gold of a `<t>`."""
    written, day = inherited(node, "d") or None, inherited(node, "on")
    kind = inherited(node, "k") or ("date" if day else "none")
    return record(
        text_of(node),
        section,
        (written, kind, day),
        lead=names(inherited(node, "l")),
        coop=names(inherited(node, "c")),
        source_doc=node.get("src"),
        result=node.get("res"),
        modality=inherited(node, "m") or "assigned",
        optional="opt" in node.attrib,
        note=node.get("n"),
    )


def table_rows(table: Any) -> Iterator[list[str]]:
    """The rows of a `<tasktable>`, cells as written in the source."""
    for line in (table.text or "").strip().splitlines():
        yield [cell.strip() for cell in line.split("|")]


def full_rows(table: Any) -> Iterator[list[str]]:
    """The rows of a `<tasktable>`, each merged cell with the words of the one it is merged with."""
    above: list[str] = []
    for cells in table_rows(table):
        if cells[0] != "G":
            cells = [above[index] if cell == "^" else cell for index, cell in enumerate(cells)]
            above = cells
        yield cells


def shown(cell: str) -> str:
    """What a cell shows in one line; behind `=>` stand the canonical names."""
    return " ".join(cell.split("=>")[0].replace("¶", " ").split())


def cell_names(cell: str) -> list[str]:
    """The canonical names of an agency cell."""
    if "=>" in cell:
        return names(cell.split("=>")[1], " + ")
    return names(cell.replace("¶", ";"), ";")


def row_task(table: Any, cells: list[str], section: str, group_lead: list[str]) -> Task:
    """The gold of a row: its columns, then note | coop of the task's own text | kind and date | deadline text."""
    roles = table.get("take", "").split(",")
    columns = dict(zip(roles, cells, strict=False))
    note, own_coop, due, due_text = (cells[len(roles) :] + [""] * 4)[:4]
    kind, _, day = (due or table.get("due") or "none").partition(" ")
    written = due_text or shown(columns.get("due", "")) or table.get("dtext") or None
    return record(
        shown(columns["task"]),
        section,
        (written if kind != "none" else None, kind, day or None),
        lead=cell_names(columns.get("lead", "")) or group_lead,
        coop=cell_names(columns.get("coop", "")) + names(own_coop),
        source_doc=shown(columns.get("source", "")) or None,
        result=shown(columns.get("result", "")) or None,
        modality=inherited(table, "m") or "assigned",
        optional=note.startswith("optional"),
        note=note or None,
    )


def gold_of(root: Any, name: str) -> Gold:
    """Every task of a source, in document order, numbered."""
    headings: list[tuple[int, str]] = []
    gold: Gold = []

    def path(extra: str = "") -> str:
        return " > ".join([title for _, title in headings] + ([extra] if extra else []))

    for node in root.iter("p", "li", "td", "t", "tasktable", "h1"):
        level = int(node.get("h") or node.get("pop") or 0)
        if level:
            headings[:] = [heading for heading in headings if heading[0] < level]
        if node.get("h"):
            headings.append((level, node.get("as") or text_of(node).rstrip(":")))
        if node.tag == "t":
            gold.append(marked_task(node, path()))
        if node.tag == "tasktable":
            group, lead = "", []
            for cells in full_rows(node):
                if cells[0] == "G":
                    group = f"{cells[1]} {shown(cells[2])}".strip()
                    lead = cell_names(cells[2]) if "=>" in cells[2] else []
                else:
                    gold.append(row_task(node, cells, path(group), lead))
    prefix = name if name.startswith("not") else name.split("-")[0]
    for number, task in enumerate(gold, 1):
        task["id"] = f"{prefix}-{number:03}"
    return gold


def strings_of(root: Any) -> list[str]:
    """Every paragraph and every table cell of a source as one string."""
    found = [text_of(node) for node in root.iter("p", "li", "td", "th")]
    for table in root.iter("tasktable"):
        found += [shown(cell) for row in full_rows(table) for cell in row]
    return found


def check(name: str, root: Any, gold: Gold) -> None:
    """Each gold text stands in one paragraph or cell, each deadline in its text or a string; dates fit kinds."""
    strings = strings_of(root)
    for task in gold:
        text, due, where = str(task["text"]), task["deadline_text"], f"{name} {task['id']}"
        kind, day = task["deadline_kind"], task["deadline_date"]
        assert any(text in string for string in strings), f"{where}: text not in the document"
        assert due is None or str(due) in text or any(str(due) in string for string in strings), f"{where}: {due}"
        assert (day is not None) == (kind in {"date", "month", "quarter", "year"}), f"{where}: {kind} {day}"
        assert (due is None) == (kind == "none"), f"{where}: {kind} without words"
        assert task["lead"] or task["note"], f"{where}: no lead, and no word why"
        assert not set(task["lead"]) & set(task["coop"]), f"{where}: lead and coop"


def load(source: Path) -> Any:
    """The source of a sample, parsed."""
    return lxml_html.document_fromstring(source.read_text(encoding="utf-8"))


# --- pages -----------------------------------------------------------------------------------------------------


def lines(value: str, css: str) -> str:
    """A paragraph of the class for each line of a `|`-separated value."""
    return "".join(f'<p class="{css}">{html.escape(line)}</p>' for line in value.split("|") if line)


def letterhead_html(node: Any) -> str:
    """The two columns at the head of a letter."""
    marks = [node.get("secret"), node.get("urgency")]
    boxes = "".join(f'<p><span class="mark">{mark}</span></p>' for mark in marks if mark)
    left = lines(node.get("parent", ""), "parent") + lines(node.get("issuer", ""), "org") + '<p class="rule"></p>'
    left += lines(node.get("no", ""), "no") + lines(node.get("subject", ""), "vv") + boxes
    right = f'<p class="nation">{NATION}</p><p class="motto">{MOTTO}</p><p class="rule wide"></p>'
    right += lines(f"{node.get('place')}, {node.get('date')}", "date")
    return f'<table class="head"><tr><td class="l">{left}</td><td class="r">{right}</td></tr></table>'


def addressees_html(node: Any) -> str:
    """`Kính gửi:` and the list beside it."""
    label = "" if node.get("plain") else "Kính gửi:"
    items = "".join(f"<p>- {html.escape(text_of(item))}</p>" for item in node.iter("li"))
    return f'<table class="to"><tr><td><p>{label}</p></td><td>{items}</td></tr></table>'


def end_html(node: Any) -> str:
    """Recipients on the left, signature on the right."""
    left = "".join(f"<p>- {html.escape(text_of(item))}</p>" for item in node.iter("li"))
    signs = [html.escape(text_of(sign)) for sign in node.iter("sign")]
    right = "".join(f"<p>{sign}</p>" for sign in signs[:-1]) + f'<p class="name">{signs[-1]}</p>'
    return (
        f'<table class="end"><tr><td class="l"><p class="nn">Nơi nhận:</p>{left}</td>'
        f'<td class="r">{right}</td></tr></table>'
    )


def tasktable_html(node: Any) -> str:
    """A ruled table with a repeated head and group rows."""
    widths, heads, roles = (node.get(key, "") for key in ("cols", "head", "take"))
    columns = "".join(f'<col style="width:{width}%">' for width in widths.split(","))
    head = "".join(f"<th>{cell}</th>" for cell in heads.split("|"))
    body = ""
    kinds = roles.split(",")
    rows = list(table_rows(node))
    for at, cells in enumerate(rows):
        if cells[0] == "G":
            span = f'<td colspan="{len(kinds) - 1}">{html.escape(shown(cells[2]))}</td>'
            body += f'<tr class="g"><td class="c">{cells[1]}</td>{span}</tr>'
            continue
        body += "<tr>"
        for index, (kind, cell) in enumerate(zip(kinds, cells, strict=False)):
            if cell == "^":
                continue
            below = (row[index : index + 1] == ["^"] for row in rows[at + 1 :])
            high = 1 + len(list(takewhile(bool, below)))
            span = f' rowspan="{high}"' if high > 1 else ""
            words = "<br>".join(html.escape(shown(line)) for line in cell.split("=>")[0].split("¶"))
            body += f'<td class="{"j" if kind == "task" else "c"}"{span}>{words}</td>'
        body += "</tr>"
    head = f"<colgroup>{columns}</colgroup><thead><tr>{head}</tr></thead>"
    return f'<table class="grid">{head}<tbody>{body}</tbody></table>'


EXPAND = {
    "letterhead": letterhead_html,
    "to": addressees_html,
    "end": end_html,
    "tasktable": tasktable_html,
}


def plain_html(root: Any) -> str:
    """The page without our own tags and attributes."""
    root = copy.deepcopy(root)
    for tag, expand in EXPAND.items():
        for node in list(root.iter(tag)):
            new = lxml_html.fragment_fromstring(expand(node))
            new.tail = node.tail
            node.getparent().replace(node, new)
    for node in list(root.iter("t")):
        node.drop_tag()
    for node in list(root.iter("stamp", "seal")):
        node.drop_tree()
    for node in root.iter():
        for key in ("h", "pop", "as", "m", "l", "c", "d", "on", "k", "make"):
            node.attrib.pop(key, None)
    return "<!DOCTYPE html>\n" + str(lxml_html.tostring(root, encoding="unicode"))


def pdf_bytes(root: Any) -> bytes:
    """The source as a PDF with a text layer."""
    return bytes(HTML(string=plain_html(root)).write_pdf(stylesheets=[CSS(SOURCES / "letter.css")]))


def page_images(pdf: bytes, mode: str) -> list[Image.Image]:
    """The pages of a PDF at 200 dpi."""
    document = pdfium.PdfDocument(pdf)
    return [page.render(scale=DPI / 72).to_pil().convert(mode) for page in document]


def millimetres(value: float) -> int:
    """Millimetres as pixels."""
    return round(value / 25.4 * DPI)


# --- stamps ----------------------------------------------------------------------------------------------------


@cache
def font_file(style: str) -> str:
    """Where a Liberation Serif that has Vietnamese letters lies (its version 1 has none)."""
    pattern = f"Liberation Serif:style={style}:lang=vi"
    command = ["fc-match", "-f", "%{file}", pattern]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def font(size: float, style: str = "Regular") -> ImageFont.FreeTypeFont:
    """A Liberation Serif of `size` millimetres."""
    return ImageFont.truetype(font_file(style), millimetres(size))


def worn(layer: Image.Image, rng: np.random.Generator, strength: float = 0.82) -> Image.Image:
    """Ink that did not take everywhere: the layer's alpha with soft patches."""
    width, height = layer.size
    patches = cv2.resize(rng.random((12, 12)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    alpha = np.asarray(layer.getchannel("A")).astype(np.float32)
    alpha *= np.clip(strength + 0.25 * (patches - 0.5), 0, 1)
    layer.putalpha(Image.fromarray(alpha.astype(np.uint8)))
    return layer.filter(ImageFilter.GaussianBlur(0.6))


def arc_text(layer: Image.Image, text: str, radius: float, size: float, span: float, top: bool) -> None:
    """Writes text along a circle about the layer's middle; `span` in degrees."""
    middle = layer.width / 2
    face = font(size, "Bold")
    for index, letter in enumerate(text):
        share = (index + 0.5) / len(text) - 0.5
        angle = share * span
        glyph = Image.new("RGBA", (millimetres(size * 2), millimetres(size * 2)))
        draw = ImageDraw.Draw(glyph)
        draw.text((glyph.width / 2, glyph.height / 2), letter, font=face, fill=(*RED, 255), anchor="mm")
        glyph = glyph.rotate(-angle if top else angle, resample=Image.Resampling.BICUBIC)
        turn = np.radians(angle)
        x = middle + millimetres(radius) * np.sin(turn)
        y = middle - millimetres(radius) * np.cos(turn) * (1 if top else -1)
        layer.alpha_composite(glyph, (round(x - glyph.width / 2), round(y - glyph.height / 2)))


def round_seal(upper: str, lower: str, rng: np.random.Generator) -> Image.Image:
    """The round red seal of an office, 36 mm across."""
    size = millimetres(38)
    layer = Image.new("RGBA", (size, size))
    draw = ImageDraw.Draw(layer)
    for radius, width in ((18, 0.8), (16.9, 0.25), (11.2, 0.3)):
        edge = millimetres(19 - radius)
        draw.ellipse((edge, edge, size - edge, size - edge), outline=(*RED, 255), width=max(2, millimetres(width)))
    arc_text(layer, upper, 13.9, 2.9, 235, top=True)
    arc_text(layer, lower, 13.9, 2.5, 70, top=False)
    corners = [(size / 2 + millimetres(r) * np.sin(a), size / 2 - millimetres(r) * np.cos(a))
               for i in range(10) for r, a in [(6.0 if i % 2 == 0 else 2.4, i * np.pi / 5)]]  # fmt: skip
    draw.polygon(corners, fill=(*RED, 255))
    return worn(layer.rotate(rng.uniform(-9, 9), resample=Image.Resampling.BICUBIC), rng)


def incoming_stamp(office: str, number: str, day: str, rng: np.random.Generator) -> Image.Image:
    """The stamp `ĐẾN` (Phụ lục IV), 50 by 30 mm, filled in by hand."""
    layer = Image.new("RGBA", (millimetres(54), millimetres(34)))
    draw = ImageDraw.Draw(layer)
    left, top, right, bottom = (millimetres(v) for v in (2, 2, 52, 32))
    red = (*RED, 255)
    draw.rectangle((left, top, right, bottom), outline=red, width=4)
    draw.line((left, millimetres(8), right, millimetres(8)), fill=red, width=3)
    draw.line((millimetres(17), millimetres(8), millimetres(17), millimetres(22)), fill=red, width=3)
    draw.line((left, millimetres(22), right, millimetres(22)), fill=red, width=3)
    draw.text(((left + right) / 2, millimetres(5)), office, font=font(2.6, "Bold"), fill=red, anchor="mm")
    draw.text((millimetres(9.5), millimetres(15)), "ĐẾN", font=font(4.6, "Bold"), fill=red, anchor="mm")
    printed = {12: "Số: ................", 18: "Ngày: .............", 25: "Chuyển: .....................",
               29: "Số và ký hiệu HS: .........."}  # fmt: skip
    for y, label in printed.items():
        x = 19 if y < 20 else 4
        draw.text((millimetres(x), millimetres(y)), label, font=font(3.2), fill=red, anchor="lm")
    for left_at, at, value in ((26, 11.3, number), (29, 17.2, day), (18, 24.2, "P. NV")):
        draw.text(
            (millimetres(left_at), millimetres(at)), value, font=font(4, "Italic"), fill=(*INK, 255), anchor="lm"
        )
    return worn(layer.rotate(rng.uniform(1.5, 4), resample=Image.Resampling.BICUBIC, expand=True), rng, 0.9)


def signature(rng: np.random.Generator) -> Image.Image:
    """A scribble in blue ink, 45 by 18 mm."""
    layer = Image.new("RGBA", (millimetres(45), millimetres(18)))
    time = np.linspace(0, 1, 240)
    x = 4 + 34 * time + 3.5 * np.sin(time * 31) + 1.5 * np.sin(time * 13)
    y = 9 + 5.2 * np.sin(time * 24 + rng.uniform(0, 2)) * (1 - 0.7 * time) + 1.5 * np.cos(time * 9)
    points = [(millimetres(a), millimetres(b)) for a, b in zip(x, y, strict=True)]
    ImageDraw.Draw(layer).line(points, fill=(*INK, 235), width=4, joint="curve")
    return layer.filter(ImageFilter.GaussianBlur(0.7))


def sign_and_seal(pages: list[Image.Image], pdf: bytes, signer: str, seal: tuple[str, str], seed: int) -> None:
    """Puts signature and seal above the signer's name, the seal over the left third of the signature."""
    rng = np.random.default_rng(seed)
    document = pdfium.PdfDocument(pdf)
    for number in reversed(range(len(document))):
        found = document[number].get_textpage().search(signer).get_next()
        if found:
            break
    letters = document[number].get_textpage()
    first, last = letters.get_charbox(found[0]), letters.get_charbox(found[0] + len(signer) - 1)
    middle = (first[0] + last[2]) / 2 * DPI / 72
    above = (document[number].get_height() - first[3]) * DPI / 72
    page = pages[number].convert("RGBA")
    page.alpha_composite(signature(rng), (round(middle - millimetres(20)), round(above - millimetres(19))))
    mark = round_seal(*seal, rng)
    page.alpha_composite(mark, (round(middle - millimetres(38)), round(above - millimetres(27))))
    pages[number] = page.convert(pages[number].mode)


# --- scans -----------------------------------------------------------------------------------------------------


def scanned(page: Image.Image, rng: np.random.Generator, skew: float, grain: float = 5.0) -> Image.Image:
    """A page as a scanner saw it: turned by up to `skew` degrees, greyish paper, grain, specks, a dark edge."""
    white: int | tuple[int, ...] = 255 if page.mode == "L" else (255, 255, 255)
    page = page.rotate(rng.uniform(-skew, skew), resample=Image.Resampling.BICUBIC, fillcolor=white)
    page = page.filter(ImageFilter.GaussianBlur(0.55))
    pixels = np.asarray(page).astype(np.float32)
    height, width = pixels.shape[:2]
    extra = (1,) * (pixels.ndim - 2)
    pixels *= 0.965
    pixels -= np.linspace(0, 8, width, dtype=np.float32).reshape((1, width, *extra))
    for _ in range(45):
        y, x, size = rng.integers(0, height - 4), rng.integers(0, width - 4), rng.integers(1, 4)
        pixels[y : y + size, x : x + size] = rng.integers(20, 140)
    pixels[:, : rng.integers(4, 10)] *= 0.45
    pixels += rng.normal(0, grain, (height, width, *extra)).astype(np.float32)
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def image_pdf(pages: list[Image.Image], quality: int) -> bytes:
    """A PDF of pictures only, each stored as JPEG."""
    document = pdfium.PdfDocument.new()
    for picture in pages:
        add_picture_page(document, picture, quality, len(document))
    return saved(document)


def add_picture_page(document: pdfium.PdfDocument, picture: Image.Image, quality: int, index: int) -> None:
    """Inserts a page that is one JPEG."""
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality, dpi=(DPI, DPI))
    width, height = (side * 72 / DPI for side in picture.size)
    page = document.new_page(width, height, index)
    image = pdfium.PdfImage.new(document)
    image.load_jpeg(buffer, inline=True)
    image.set_matrix(pdfium.PdfMatrix().scale(width, height))
    page.insert_obj(image)
    page.gen_content()


def saved(document: pdfium.PdfDocument) -> bytes:
    """The document's bytes with a fixed time and file id, so that the same pages give the same file."""
    buffer = io.BytesIO()
    document.save(buffer)
    blob = re.sub(rb"D:\d{14}", b"D:20260101000000", buffer.getvalue())
    return re.sub(
        rb"/ID ?\[ ?<[0-9A-Fa-f]+> ?<[0-9A-Fa-f]+> ?\]",
        lambda found: re.sub(rb"[0-9A-Fa-f](?=[0-9A-Fa-f]*>)", b"0", found.group(0)),
        blob,
    )


def photographed(page: Image.Image, rng: np.random.Generator) -> Image.Image:
    """A sheet on a desk as a telephone saw it: perspective, a shadow, warm light."""
    sheet = np.asarray(page.convert("RGB"))
    height, width = sheet.shape[:2]
    frame = (2000, 2667)
    desk = np.full((frame[1], frame[0], 3), (116, 84, 58), np.float32)
    desk += rng.normal(0, 7, (frame[1], 1, 1)) + rng.normal(0, 3, desk.shape)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    target = np.array([[190, 120], [1842, 168], [1900, 2540], [112, 2498]], np.float32)
    turn = cv2.getPerspectiveTransform(corners, target)
    warped = cv2.warpPerspective(sheet, turn, frame, flags=cv2.INTER_AREA).astype(np.float32)
    cover = cv2.warpPerspective(np.ones((height, width), np.float32), turn, frame)[..., None]
    picture = desk * (1 - cover) + warped * cover
    x, y = np.meshgrid(np.linspace(0, 1, frame[0]), np.linspace(0, 1, frame[1]))
    light = 0.93 - 0.22 * x + 0.06 * y - 0.14 / (1 + np.exp(-(x + 0.5 * y - 1.12) * 26))
    picture *= light[..., None] * np.array([1.0, 0.975, 0.92])
    picture = cv2.GaussianBlur(picture, (0, 0), 0.7) + rng.normal(0, 3, picture.shape)
    return Image.fromarray(picture.clip(0, 255).astype(np.uint8))


# --- Word ------------------------------------------------------------------------------------------------------

# Real Word lists, whose markers are not in the text: name -> (list, level).
WORD_LISTS = {"dash": (81, 0), "plus": (81, 1), "dec": (82, 0)}
# The levels of each list: (number format, marker, indent in twentieths of a point).
WORD_LEVELS = {81: (("bullet", "-", 720), ("bullet", "+", 1080)), 82: (("decimal", "%1.", 720),)}


def add_word_lists(document: Any) -> None:
    """Defines the lists of WORD_LEVELS in the numbering part."""
    numbering = document.part.numbering_part.element
    first = numbering.find(qn("w:num"))
    for number, levels in WORD_LEVELS.items():
        body = "".join(
            f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{marker}"/>'
            f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="0" w:firstLine="{indent}"/></w:pPr></w:lvl>'
            for depth, (form, marker, indent) in enumerate(levels)
        )
        abstract = f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">{body}</w:abstractNum>'
        first.addprevious(parse_xml(abstract))
        link = f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'
        numbering.append(parse_xml(link))


def add_footnotes(document: Any, notes: list[str]) -> None:
    """Adds the footnotes part, numbered from 1."""
    marks = (("separator", -1), ("continuationSeparator", 0))
    body = "".join(
        f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:r><w:{kind}/></w:r></w:p></w:footnote>'
        for kind, number in marks
    )
    for number, note in enumerate(notes, 1):
        mark = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r>'
        words = f'<w:r><w:rPr><w:sz w:val="20"/></w:rPr><w:t xml:space="preserve"> {html.escape(note)}</w:t></w:r>'
        body += f'<w:footnote w:id="{number}"><w:p>{mark}{words}</w:p></w:footnote>'
    blob = f'<?xml version="1.0" encoding="UTF-8"?><w:footnotes xmlns:w="{WORD_NS}">{body}</w:footnotes>'
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, blob.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def add_runs(paragraph: Any, node: Any, bold: bool, notes: list[str]) -> None:
    """Writes a paragraph's text and footnote references."""

    def write(text: str | None, underlined: bool = False) -> None:
        if text and (words := re.sub(r"\s+", " ", text)):
            run = paragraph.add_run(words)
            run.bold, run.underline = bold, underlined

    write(node.text, node.tag == "u")
    for child in node:
        if child.tag == "fn":
            notes.append(text_of(child))
            run = paragraph.add_run()
            run.font.superscript = True
            reference = OxmlElement("w:footnoteReference")
            reference.set(qn("w:id"), str(len(notes)))
            run._r.append(reference)
        else:
            add_runs(paragraph, child, bold or child.tag == "b", notes)
        write(child.tail, node.tag == "u")


def add_columns(document: Any, left: list[str], right: list[str], bold: set[str]) -> None:
    """Two columns of centred lines without rules, as letterheads and signatures are set in Word."""
    table = document.add_table(rows=1, cols=2)
    for cell, texts in zip(table.rows[0].cells, (left, right), strict=True):
        for index, text in enumerate(texts):
            paragraph = cell.paragraphs[0] if index == 0 else cell.add_paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT if text.startswith("- ") else WD_ALIGN_PARAGRAPH.CENTER
            paragraph.paragraph_format.space_after = Pt(0)
            run = paragraph.add_run(text)
            run.bold = text in bold
            run.font.size = Pt(11 if text.startswith("- ") else 13)


def add_task_table(document: Any, node: Any) -> None:
    """A `<tasktable>` as a ruled Word table with a repeated head, group rows and merged cells."""
    heads = node.get("head").split("|")
    table = document.add_table(rows=1, cols=len(heads))
    table.style, table.autofit = "Table Grid", False
    section = document.sections[-1]
    room = section.page_width - section.left_margin - section.right_margin

    def write(cell: Any, words: str, bold: bool) -> None:
        for index, line in enumerate(words.split("=>")[0].split("¶")):
            paragraph = cell.paragraphs[0] if index == 0 else cell.add_paragraph()
            run = paragraph.add_run(line.strip())
            run.bold, run.font.size = bold, Pt(12)

    for cell, words in zip(table.rows[0].cells, heads, strict=True):
        write(cell, words, bold=True)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for cells in table_rows(node):
        row = table.add_row().cells
        if cells[0] == "G":
            write(row[0], cells[1], bold=True)
            write(row[1].merge(row[-1]), cells[2], bold=True)
            continue
        for index, (cell, words) in enumerate(zip(row, cells, strict=False)):
            if words == "^":
                table.cell(len(table.rows) - 2, index).merge(cell)
            else:
                write(cell, words, bold=False)
    for row in table.rows:
        for cell, share in zip(row._tr.tc_lst, node.get("cols").split(","), strict=False):
            if cell.grid_span == 1:
                cell.width = int(room * int(share) / 100)


def begin_annex(document: Any) -> None:
    """A new section on landscape pages."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width


def add_page_number(document: Any) -> None:
    """The page number, centred on top from page 2 on."""
    section = document.sections[0]
    section.different_first_page_header_footer = True
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>2</w:t></w:r></w:fldSimple>')
    paragraph._p.append(field)


def word_bytes(root: Any) -> bytes:
    """The source as a DOCX with real lists and real footnotes."""
    document = docx.Document()
    document.core_properties.author, document.core_properties.title = "giaoviec", root.findtext(".//title")
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(3), Cm(2)
    section.top_margin = section.bottom_margin = Cm(2)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(14)
    add_word_lists(document)
    add_page_number(document)
    notes: list[str] = []
    for node in root.iter("letterhead", "p", "end", "tasktable", "div"):
        if node.tag == "div":
            if node.get("class") == "annex":
                begin_annex(document)
        elif node.tag == "tasktable":
            add_task_table(document, node)
        elif node.tag == "letterhead":
            left = [*node.get("issuer").split("|"), "", node.get("no")]
            above = (node.get("right") or f"{NATION}|{MOTTO}").split("|")
            right = [*above, "", f"{node.get('place')}, {node.get('date')}"]
            add_columns(document, left, right, {*node.get("issuer").split("|"), *above})
        elif node.tag == "end":
            left = ["Nơi nhận:", *(f"- {text_of(item)}" for item in node.iter("li"))]
            signs = [text_of(sign) for sign in node.iter("sign")]
            add_columns(document, left, [*signs[:-1], "", "", "", signs[-1]], {"Nơi nhận:", *signs})
        else:
            classes = set(node.get("class", "").split())
            paragraph = document.add_paragraph()
            paragraph.paragraph_format.space_after = Pt(6)
            if node.get("num"):
                number, depth = WORD_LISTS[node.get("num")]
                listed = paragraph._p.get_or_add_pPr().get_or_add_numPr()
                listed.get_or_add_ilvl().val, listed.get_or_add_numId().val = depth, number
            elif classes & {"c", "title"}:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            else:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
                paragraph.paragraph_format.first_line_indent = Cm(1.27)
            add_runs(paragraph, node, bool(classes & {"h", "b", "title"}), notes)
    add_footnotes(document, notes)
    buffer = io.BytesIO()
    document.save(buffer)
    return rezipped(buffer.getvalue())


def rezipped(blob: bytes) -> bytes:
    """The ZIP again with one fixed time, so that the same content gives the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(blob)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            same = zipfile.ZipInfo(entry.filename, (2026, 1, 1, 0, 0, 0))
            new.writestr(same, old.read(entry), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


# --- what is made ----------------------------------------------------------------------------------------------


def text_pdf(target: Path, root: Any) -> None:
    """A PDF with a text layer."""
    pdf = pdf_bytes(root)
    target.with_suffix(".pdf").write_bytes(pdf)
    check_text_layer(target.name, pdf, gold_of(root, target.name))


def check_text_layer(name: str, pdf: bytes, gold: Gold) -> None:
    """The start and the end of every task stand in the text layer, white space aside."""
    layer = "".join(page.get_textpage().get_text_range() for page in pdfium.PdfDocument(pdf))
    layer = re.sub(r"\s+|[\ufffe\u00ad]", "", layer)
    for task in gold:
        text = re.sub(r"\s+", "", str(task["text"]))
        for part in (text[:12], text[-12:]):
            assert part in layer, f"{name} {task['id']}: {part} not in the text layer"


def word(target: Path, root: Any) -> None:
    """A Word document."""
    target.with_suffix(".docx").write_bytes(word_bytes(root))


def article(target: Path, root: Any) -> None:
    """A web page, as it is but for the marks."""
    target.with_suffix(".html").write_text(plain_html(root) + "\n", encoding="utf-8")


def text_file(target: Path, root: Any) -> None:
    """A text file as a document system exports it: a line a paragraph, CR LF, a byte order mark."""
    body = "\r\n".join(text_of(node) for node in root.iter("p")) + "\r\n"
    target.with_suffix(".txt").write_bytes(body.encode("utf-8-sig"))


def stamped_scan(target: Path, root: Any) -> None:
    """A colour scan with the stamp ĐẾN, a signature and a round seal."""
    pdf = pdf_bytes(root)
    pages, rng = page_images(pdf, "RGB"), np.random.default_rng(8)
    sign_and_seal(pages, pdf, "Huỳnh Văn Lộc", ("ỦY BAN NHÂN DÂN TỈNH", "ĐỒNG THÁP"), 8)
    first = pages[0].convert("RGBA")
    stamp = incoming_stamp("SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG", "2215", "24/9/2025", rng)
    first.alpha_composite(stamp, (millimetres(7), millimetres(65)))
    pages[0] = first.convert("RGB")
    target.with_suffix(".pdf").write_bytes(image_pdf([scanned(page, rng, 0.9) for page in pages], 42))


def pressed_scan(target: Path, root: Any) -> None:
    """A colour scan with the incoming stamps that its `<stamp>`s tell, and the seal of its `<seal>`."""
    marks, seal = list(root.iter("stamp")), root.find(".//seal")
    pdf = pdf_bytes(root)
    pages, rng = page_images(pdf, "RGB"), np.random.default_rng(21)
    sign_and_seal(pages, pdf, seal.get("signer"), (seal.get("upper"), seal.get("lower")), 21)
    first = pages[0].convert("RGBA")
    for mark in marks:
        stamp = incoming_stamp(mark.get("office"), mark.get("number"), mark.get("day"), rng)
        first.alpha_composite(stamp, (millimetres(float(mark.get("x"))), millimetres(float(mark.get("y")))))
    pages[0] = first.convert("RGB")
    target.with_suffix(".pdf").write_bytes(image_pdf([scanned(page, rng, 0.7) for page in pages], 45))


def secret_scan(target: Path, root: Any) -> None:
    """A colour scan of a letter that bears a secret mark."""
    pdf = pdf_bytes(root)
    pages, rng = page_images(pdf, "RGB"), np.random.default_rng(12)
    sign_and_seal(pages, pdf, "Tôn Nữ Diệu Hiền", ("SỞ VĂN HÓA VÀ THỂ THAO", "TP HUẾ"), 12)
    target.with_suffix(".pdf").write_bytes(image_pdf([scanned(page, rng, 0.7) for page in pages], 42))


def grey_tiff(target: Path, root: Any) -> None:
    """A grey TIFF of several pages."""
    pdf = pdf_bytes(root)
    pages, rng = page_images(pdf, "L"), np.random.default_rng(10)
    sign_and_seal(pages, pdf, "Phan Văn Sĩ", ("BỘ XÂY DỰNG", "★"), 10)
    pages = [scanned(page, rng, 0.6) for page in pages]
    where = target.with_suffix(".tiff")
    pages[0].save(where, save_all=True, append_images=pages[1:], compression="jpeg", quality=50, dpi=(DPI, DPI))


def photo(target: Path, root: Any) -> None:
    """A telephone's picture of a one-page letter."""
    pdf = pdf_bytes(root)
    pages = page_images(pdf, "RGB")
    sign_and_seal(pages, pdf, "Mai Thị Lệ", ("ỦY BAN NHÂN DÂN PHƯỜNG", "AN HẢI"), 11)
    photographed(pages[0], np.random.default_rng(11)).save(target.with_suffix(".jpg"), quality=68)


def mixed_pdf(target: Path, root: Any) -> None:
    """Text pages, and a scanned one in the middle."""
    pdf = pdf_bytes(root)
    document = pdfium.PdfDocument(pdf)
    middle = len(document) // 2
    picture = scanned(page_images(pdf, "L")[middle], np.random.default_rng(13), 0.6)
    del document[middle]
    add_picture_page(document, picture, 50, middle)
    target.with_suffix(".pdf").write_bytes(saved(document))


def office_scan(target: Path, root: Any) -> None:
    """A grey scan as an office makes it (`scan.py`), without a text layer."""
    pdf = pdf_bytes(root)
    check_text_layer(target.name, pdf, gold_of(root, target.name))
    with tempfile.NamedTemporaryFile(suffix=".pdf") as printed:
        printed.write(pdf)
        printed.flush()
        scan(Path(printed.name), target.with_suffix(".pdf"), "office")


# Makes the files of one sample from its source: (path without suffix, source) -> files beside that path.
Maker = Callable[[Path, Any], None]


def old_fonts(encoding: str) -> Maker:
    """A PDF whose text layer is in an old encoding."""

    def make(target: Path, root: Any) -> None:
        with tempfile.TemporaryDirectory() as folder:
            style = oldfonts.css(Path(folder), font_file, encoding)
            fonts = FontConfiguration()
            sheets = [CSS(SOURCES / "letter.css"), CSS(string=style, font_config=fonts)]
            page = HTML(string=oldfonts.encoded(plain_html(root), encoding))
            pdf = page.write_pdf(stylesheets=sheets, font_config=fonts, uncompressed_pdf=True)
        document = pdfium.PdfDocument(oldfonts.named(pdf))
        target.with_suffix(".pdf").write_bytes(saved(document))

    return make


MADE: dict[str, Maker] = {
    "01-livestock-letter": text_pdf,
    "02-drowning-decision": text_pdf,
    "03-clearance-notice": text_pdf,
    "04-tourism-plan": text_pdf,
    "05-storm-telegram": text_pdf,
    "06-food-safety-report": word,
    "07-traffic-safety-news": article,
    "08-land-letter": stamped_scan,
    "09-dengue-letter": text_file,
    "10a-housing-letter": grey_tiff,
    "10b-tet-duty-photo": photo,
    "11-forest-fire-directive": mixed_pdf,
    "not-secret": text_pdf,
    "secret-mark": text_pdf,
    "secret-mark-scan": secret_scan,
}


MAKERS: dict[str, Maker] = {
    "pdf": text_pdf,
    "word": word,
    "article": article,
    "text": text_file,
    "mixed": mixed_pdf,
    "stamps": pressed_scan,
    "tcvn3": old_fonts("tcvn3"),
    "vni": old_fonts("vni"),
    "scan": office_scan,
}


def make_one(source: Path, target: Path, maker: Maker | None = None) -> list[Path]:
    """Makes one sample and its gold, and says what it made."""
    root, name = load(source), target.name
    (maker or MAKERS[root.get("make", "pdf")])(target, root)
    if not name.startswith("secret"):
        gold = gold_of(root, name)
        check(name, root, gold)
        rows = "".join(json.dumps(task, ensure_ascii=False) + "\n" for task in gold)
        target.with_suffix(".tasks.jsonl").write_text(rows, encoding="utf-8")
        optional = sum(bool(task["optional"]) for task in gold)
        print(f"{name}: {len(gold)} tasks, {optional} optional")
    return list(target.parent.glob(f"{name}.*"))


def main() -> None:
    """Makes the samples whose names start with one of the prefixes (all, if none is given)."""
    parser = argparse.ArgumentParser(description="Makes samples and their gold from sources.")
    parser.add_argument("--batch", metavar="FOLDER", help="make FOLDER/sources, not the samples")
    parser.add_argument("prefixes", nargs="*", metavar="NAME-PREFIX")
    wanted = parser.parse_args()
    folder = HERE / wanted.batch if wanted.batch else HERE
    makers: dict[str, Maker | None] = dict(MADE)
    if wanted.batch:
        makers = dict.fromkeys(sorted(source.stem for source in (folder / "sources").glob("*.html")))
    for name, maker in makers.items():
        if not wanted.prefixes or name.startswith(tuple(wanted.prefixes)):
            for path in make_one(folder / "sources" / f"{name}.html", folder / name, maker):
                assert path.stat().st_size < 1.5 * MEGABYTE, f"{path.name} is too large"
    total = sum(path.stat().st_size for name in makers for path in folder.glob(f"{name}.*"))
    assert total < 8 * MEGABYTE, f"{total} bytes in all"


if __name__ == "__main__":
    main()
