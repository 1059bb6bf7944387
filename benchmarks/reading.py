"""`python -m benchmarks.reading FOLDER`: how right reading is, of PDFs and their scans, against their HTML.

FOLDER holds NAME.pdf with NAME.html beside it, the exact text. Scans of each are made at the levels `office` and
`poor`. Printed are the character error rate of the text in reading order, whole and of the body alone (behind the
letterhead, whose two columns the HTML gives row by row, without incoming stamps); white space, footnotes and
furniture aside (in the HTML footnotes are `p.fn`, their references `sup`, stamps `.stamp`); and the share of cells
of tables (of three columns and more) that are exactly right, white space aside, tables joined over pages.
With `--tasks`, the scans of every NAME.pdf with gold beside it (NAME.tasks.jsonl) are scored by their tasks
instead; with `--lost`, the records that are right on the PDF and no longer on its scan are named, and counted.
With `--cost FILE`, CPU against bare Tesseract on the pictures as they come and as they are prepared, of its
scans. With `--cores FILE`, wall clock on one core against two, of an office scan of that file repeated to
`CORE_PAGES` pages: only worth anything on a machine left to itself (the load before is printed).
"""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import pypdfium2 as pdfium
from lxml import html
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from benchmarks import measure
from benchmarks.__main__ import IMPORT, READ, TESSERACT, embedded_images, scanned
from extractors import extract, layout
from models import Cell, Document, Grid, Paragraph
from pipeline import evaluate
from pipeline.reading import Limits, images, media_type, read
from pipeline.reading.frames import frame
from pipeline.settings import Settings
from samples.scan import scan

Row = tuple[str, ...]

LEVELS = ("office", "poor")
MOST_PIXELS = 60_000_000
FEWEST_COLUMNS = 3
CORE_PAGES = 40
PAGE_SECONDS = 1200.0
ADDRESSEES, LONGEST_HEAD = "Kínhgửi", 1000
STAMPS = " | //*[contains(concat(' ', @class, ' '), ' stamp ')]"


def solid(text: str) -> str:
    """Text without white space."""
    return re.sub(r"\s+", "", text)


def body(text: str) -> str:
    """A letter's solid text without what stands above its addressees; other texts as they are."""
    start = text.find(ADDRESSEES)
    return text[start:] if 0 <= start < LONGEST_HEAD else text


def whole_text(document: Document, without: Sequence[str] = ()) -> str:
    """The text of a document in reading order, markers and tables with it, without footnotes and furniture.

    Paragraphs of the roles `without` are left out too.
    """
    parts = []
    for block in layout.blocks(document):
        if isinstance(block, Grid):
            parts += [_cell_text(cell) for cell in block.cells]
        elif block.role not in ("footnote", "furniture", *without):
            parts.append(_text(block))
    return solid("".join(parts))


def _text(paragraph: Paragraph) -> str:
    return f"{paragraph.marker or ''}{paragraph.text}"


def _cell_text(cell: Cell) -> str:
    return "".join(map(_text, cell.paragraphs))


def rows(document: Document) -> list[Row]:
    """The rows of all tables that are no frame of a letterhead, cells by the column they begin in, solid."""
    found = []
    for grid in (block for block in layout.blocks(document) if isinstance(block, Grid)):
        if grid.columns < FEWEST_COLUMNS:
            continue
        table: dict[int, list[str]] = {row: [""] * grid.columns for row in range(grid.rows)}
        for cell in grid.cells:
            table[cell.row][cell.column] = solid(_cell_text(cell))
        found += [tuple(cells) for cells in table.values()]
    return found


def pairs(true: Sequence[Row], read: Sequence[Row]) -> Iterator[tuple[Row, Row | None]]:
    """Each true row with the row read for it, in order, so that likeness is greatest; None where there is none."""
    height, width = len(true), len(read)
    best = [[0.0] * (width + 1) for _ in range(height + 1)]
    for i in reversed(range(height)):
        for j in reversed(range(width)):
            like = fuzz.ratio("|".join(true[i]), "|".join(read[j]))
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + like)
    i = j = 0
    while i < height:
        if j < width and best[i][j] == best[i][j + 1]:
            j += 1
        elif j == width or best[i][j] == best[i + 1][j]:
            yield true[i], None
            i += 1
        else:
            yield true[i], read[j]
            i, j = i + 1, j + 1


def cells_right(true: Sequence[Row], read: Sequence[Row]) -> tuple[int, int]:
    """How many cells are exactly right, of how many."""
    right = sum(
        sum(map(str.__eq__, row, found)) if found and len(found) == len(row) else 0
        for row, found in pairs(true, read)
    )
    return right, sum(map(len, true))


def quality(folder: Path, levels: Sequence[str], work: Path) -> None:
    """Error rates of every document in FOLDER: text layer, office scan, poor scan."""
    for truth_file in sorted(folder.glob("*.html")):
        source = truth_file.with_suffix(".pdf")
        if not source.exists():
            continue
        truth = _read(_without_notes(truth_file, work / "truth.html"))
        true_rows, true_text = rows(truth), whole_text(truth)
        true_body = body(whole_text(_read(_without_notes(truth_file, work / "truth.html", STAMPS))))
        for level in ("text layer", *levels):
            file = source
            if level in LEVELS:
                file = work / f"{source.stem}.{level}.pdf"
                scan(source, file, level)
            document = _read(file)
            wrong = Levenshtein.distance(true_text, whole_text(document)) / max(1, len(true_text))
            found_body = body(whole_text(document, ("stamp",)))
            wrong_body = Levenshtein.distance(true_body, found_body) / max(1, len(true_body))
            line = f"{source.stem:24} {level:11} text CER {wrong:7.2%}  body {wrong_body:7.2%}"
            if true_rows:
                right, count = cells_right(true_rows, rows(document))
                line += f"   cells {right}/{count} = {right / count:.1%}"
            print(line, flush=True)


def _without_notes(file: Path, target: Path, more: str = "") -> Path:
    """The HTML without its footnotes, and what else the path `more` (` | //…`) finds, written to `target`."""
    root = html.fromstring(file.read_bytes())
    for note in root.xpath(f"//p[contains(concat(' ', @class, ' '), ' fn ')] | //sup{more}"):
        note.drop_tree()
    target.write_bytes(html.tostring(root, encoding="utf-8", doctype="<!DOCTYPE html>"))
    return target


def _read(file: Path) -> Document:
    # On a loaded machine a page may take longer than it may elsewhere: what is measured here is not time.
    return read(file, media_type=media_type(file), sha256="", limits=Limits(page_seconds=PAGE_SECONDS))


def tasks(folder: Path, levels: Sequence[str], show: int, work: Path) -> None:
    """The scorer's figures of all documents of FOLDER that have gold, as scans of each level."""
    for level in levels:
        scans = work / level
        scans.mkdir()
        for gold in sorted(folder.glob("*.tasks.jsonl")):
            source = folder / f"{gold.name.removesuffix('.tasks.jsonl')}.pdf"
            if source.exists():
                scan(source, scans / source.name, level)
                shutil.copy(gold, scans)
        print(f"{level} scans\n{evaluate.report(scans, Settings(), show=show)}", flush=True)


def lost(folder: Path, levels: Sequence[str], work: Path) -> None:
    """Records of every document of FOLDER with gold that are right by its text layer and wrong on its scan."""
    counts = dict.fromkeys(("gold", "right by text layer", *levels), 0)
    for source, gold in evaluate.with_gold(folder):
        if source.suffix != ".pdf":
            continue
        expected = evaluate.read_records(gold)
        by_text = _records(source)
        counts["gold"] += sum(not task.get("optional") for task in expected)
        counts["right by text layer"] += len(evaluate.changes(expected, [], by_text)[0])
        for level in levels:
            file = work / f"{source.stem}.{level}.pdf"
            scan(source, file, level)
            by_scan = _records(file)
            counts[level] += len(evaluate.changes(expected, [], by_scan)[0])
            for text in evaluate.changes(expected, by_text, by_scan)[1]:
                print(f"{level:7} {source.stem:32} {text}", flush=True)
    print("\n".join(f"{count:5} {name}" for name, count in counts.items()))


def _records(file: Path) -> list[evaluate.Record]:
    return [evaluate.as_record(file.name, task) for task in extract(_read(file), Settings().office).tasks]


def cost(source: Path, runs: int, work: Path) -> None:
    """CPU of scanned pages beside bare Tesseract, and what a second core is worth."""
    for level in LEVELS:
        file = work / f"{source.stem}.{level}.pdf"
        scan(source, file, level)
        folder = work / level
        folder.mkdir()
        scanned(file, runs, folder)
    prepared = []
    for number, picture in enumerate(embedded_images(file, folder)):
        page = frame(picture, 1, MOST_PIXELS)
        ready, _ = images.prepare(page.pixels, page.dpi)
        prepared.append(folder / f"prepared-{number:04}.pgm")
        cv2.imwrite(str(prepared[-1]), ready.gray)
    idle = measure.start_up(measure.python(IMPORT, file)), 0.0
    ours, bare = measure.python(READ, file, "0"), measure.python(TESSERACT, *prepared)
    print("  poor, against bare Tesseract on the prepared pictures", measure.ratio(ours, bare, runs, idle))


TOGETHER = """
import sys, time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from pipeline.reading import media_type, read
from pipeline.reading.pool import PagePool
page, long, count = Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[1])
with PagePool(count) as pool, ThreadPoolExecutor(count) as threads:
    def reading(path):
        read(path, media_type=media_type(path), sha256="", pool=pool)
    list(threads.map(reading, [page] * count))
    began = time.monotonic()
    reading(long)
    print(time.monotonic() - began)
"""
TESSERACT_TOGETHER = """
import os, subprocess, sys, time
from concurrent.futures import ThreadPoolExecutor
os.environ["OMP_THREAD_LIMIT"] = "1"
def recognise(image):
    subprocess.run(["tesseract", image, "-", "-l", "vie", "tsv"], check=True, capture_output=True)
began = time.monotonic()
with ThreadPoolExecutor(int(sys.argv[1])) as pool:
    list(pool.map(recognise, sys.argv[2:]))
print(time.monotonic() - began)
"""


def cores(source: Path, runs: int, work: Path) -> None:
    """What a second core is worth: seconds on the wall for an office scan of `CORE_PAGES` pages.

    Read by processes that have begun already, as those of `serve` have. Beside it what the second core is worth
    to bare Tesseract, so many processes at once: two cores of a machine can be two threads of one.
    """
    pdf, long = pdfium.PdfDocument(source), pdfium.PdfDocument.new()
    for number in range(CORE_PAGES):
        long.import_pages(pdf, [number % len(pdf)])
    long.save(work / "long.pdf")
    file = work / "scan.pdf"
    scan(work / "long.pdf", file, "office")
    pictures = work / "pictures"
    pictures.mkdir()
    images = embedded_images(file, pictures)
    print(f"{CORE_PAGES} scanned pages, load before {os.getloadavg()[0]:.1f}:", flush=True)
    for name, code, arguments in (
        ("reading", TOGETHER, (images[0], file)),
        ("bare Tesseract", TESSERACT_TOGETHER, images),
    ):
        pairs = [[_told(code, count, *arguments) for count in (1, 2)] for _ in range(runs)]
        one, two = (statistics.median(times) for times in zip(*pairs, strict=True))
        ratios = sorted(alone / together for alone, together in pairs)
        print(
            f"  {name}: one core {one:.1f} s, two {two:.1f} s: {statistics.median(ratios):.2f} times faster "
            f"({ratios[0]:.2f} to {ratios[-1]:.2f}, {runs} pairs)",
            flush=True,
        )


def _told(code: str, *arguments: int | Path) -> float:
    """The seconds that a program in a process of its own says it took."""
    command = measure.python(code, *map(str, arguments))
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main() -> None:
    """Print the figures of a folder of documents."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--levels", nargs="*", default=LEVELS, choices=LEVELS)
    parser.add_argument("--tasks", action="store_true", help="score the tasks found in the scans")
    parser.add_argument("--lost", action="store_true", help="name the records that scans lose")
    parser.add_argument("--show", type=int, default=0, help="with --tasks: how many mistakes of a kind to print")
    parser.add_argument("--cost", type=Path, metavar="FILE", help="a PDF whose scans are timed")
    parser.add_argument(
        "--cores", type=Path, metavar="FILE", help="a PDF whose scan is read on one core and on two"
    )
    parser.add_argument("--runs", type=int, default=3)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        if wanted.cost:
            cost(wanted.cost, wanted.runs, Path(name))
        elif wanted.cores:
            cores(wanted.cores, wanted.runs, Path(name))
        elif wanted.lost:
            lost(wanted.folder, wanted.levels, Path(name))
        elif wanted.tasks:
            tasks(wanted.folder, wanted.levels, wanted.show, Path(name))
        else:
            quality(wanted.folder, wanted.levels, Path(name))


if __name__ == "__main__":
    main()
