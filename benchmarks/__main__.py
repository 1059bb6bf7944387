"""`make bench`: ratios beside bare Tesseract, OCRmyPDF and pdfplumber; memory; the register at a million tasks.

By default on samples/; `--scan` and `--text` name other files. Every ratio is of two commands run in turn.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pypdfium2 as pdfium

from benchmarks import answers, cookbook, counted_once, flips, link_weights, measure
from pipeline.owner import own
from pipeline.publish import publish
from pipeline.register import open_register
from pipeline.settings import Settings
from samples import registers

ROOT = Path(__file__).parent.parent
IMPORT = (
    "import sys; from pathlib import Path; from pipeline.reading import read, media_type; p = Path(sys.argv[1]); "
)
READ = IMPORT + "read(p, media_type=media_type(p), sha256='', workers=int(sys.argv[2]))"
KEEP = IMPORT + (
    "from pipeline.journal import Journal; from pipeline.reading import read_packed; "
    "found = read_packed(p, media_type=media_type(p), sha256='', workers=1); "
    "Journal(Path(sys.argv[2])).keep_json(found.json())"
)
WORDS = """
import sys, pdfplumber
with pdfplumber.open(sys.argv[1]) as pdf:
    for page in pdf.pages:
        page.extract_words()
        page.close()
"""
TESSERACT = """
import os, subprocess, sys
os.environ["OMP_THREAD_LIMIT"] = "1"
for image in sys.argv[1:]:
    subprocess.run(["tesseract", image, "-", "-l", "vie", "tsv"], check=True, capture_output=True)
"""
# What is loaded once (grammar, gazetteer, models of the language) is loaded by a sentence, in both.
READY = """
import sys
from pathlib import Path
from extractors import extract
from models import Document, Office, Paragraph
import msgspec
sentence = Paragraph("Ủy ban nhân dân các xã ngắm nghía kênh mương trước ngày 30/6/2026.")
extract(Document("x", "text/plain", "0", blocks=(sentence,)), Office())
document = msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Document)
"""
EXTRACT = f"{READY}extract(document, Office())"


def embedded_images(scan: Path, folder: Path) -> list[Path]:
    """The pictures of a scan's pages as they are in the file: what bare Tesseract is handed."""
    found = []
    pdf = pdfium.PdfDocument(scan)
    for number in range(len(pdf)):
        page = pdf[number]
        images = [o for o in page.get_objects() if o.type == pdfium.raw.FPDF_PAGEOBJ_IMAGE]
        images[0].extract(folder / f"{number:04d}", fb_format="ppm")
        found += list(folder.glob(f"{number:04d}.*"))
        page.close()
    pdf.close()
    return found


def scanned(scan: Path, runs: int, folder: Path) -> None:
    """CPU of a scanned page, render to words and tables, beside bare Tesseract and OCRmyPDF."""
    images = embedded_images(scan, folder)
    idle = (
        measure.start_up(measure.python(IMPORT, scan)),
        measure.start_up([sys.executable, "-c", "import subprocess"]),
    )
    print(f"scanned, {len(images)} pages of {scan.name}:")
    ours = measure.python(READ, scan, "0")
    print("  against bare Tesseract    ", measure.ratio(ours, measure.python(TESSERACT, *images), runs, idle))
    peer = shutil.which("ocrmypdf") or shutil.which("ocrmypdf", path=str(Path(sys.executable).parent))
    if peer is None:
        print("  against OCRmyPDF           not measured: see benchmarks/README.md")
        return
    theirs = [
        peer,
        "--language",
        "vie",
        "--output-type",
        "pdf",
        "--jobs",
        "1",
        "--quiet",
        "--force-ocr",
        str(scan),
    ]
    print(
        "  against OCRmyPDF          ",
        measure.ratio(ours, [*theirs, str(folder / "out.pdf")], runs, (idle[0], 0.0)),
    )


def text_layer(text: Path, runs: int, folder: Path) -> None:
    """CPU of a text-layer page, tables included, and of extraction, beside pdfplumber's extract_words."""
    import msgspec

    from pipeline.reading import media_type, read

    theirs = measure.python(WORDS, text)
    idle = (
        measure.start_up(measure.python(IMPORT, text)),
        measure.start_up([sys.executable, "-c", "import pdfplumber"]),
    )
    print(f"text layer, {text.name}:")
    print("  reading / extract_words   ", measure.ratio(measure.python(READ, text, "0"), theirs, runs, idle))
    reading = folder / "reading.json"
    reading.write_bytes(msgspec.json.encode(read(text, media_type=media_type(text), sha256="", workers=0)))
    idle = measure.start_up(measure.python(READY, reading)), idle[1]
    print("  extraction / extract_words", measure.ratio(measure.python(EXTRACT, reading), theirs, runs, idle))


def memory(text: Path, folder: Path) -> None:
    """Peak memory of reading 10, 100 and 1,000 pages and keeping what was read: all processes together."""
    print(f"peak memory, pages of {text.name} repeated:")
    first = None
    for pages in (10, 100, 1000):
        long = folder / f"{pages}.pdf"
        source, target = pdfium.PdfDocument(text), pdfium.PdfDocument.new()
        for n in range(pages):
            target.import_pages(source, [n % len(source)])
        target.save(long)
        cost = measure.run(measure.python(KEEP, long, folder / f"{pages}.journal"))
        first = first or cost.memory
        print(f"  {pages:5} pages  {cost.memory / 2**20:7.0f} MB  {cost.memory / first:.2f} times that of 10")


def register(tasks: int, folder: Path) -> None:
    """Seconds and memory of rebuilding and of publishing a register."""
    home = folder / "home"
    journal = registers.write(home / "journal", tasks)
    size = sum(s.stat().st_size for s in journal.segments())
    owner = own(home, "bench")
    assert owner is not None
    began, began_cpu = time.monotonic(), time.process_time()
    with open_register(home, Settings(), owner) as opened:
        built, built_cpu = time.monotonic() - began, time.process_time() - began_cpu
        count = opened.store.value("SELECT count(*) FROM tasks")
        seconds = publish(opened)
        size_db = opened.home.published.stat().st_size
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    print(f"register of {count:,} tasks (journal {size / 2**20:.0f} MB, database {size_db / 2**20:.0f} MB):")
    print(f"  rebuild  {built:.1f} s, {built_cpu:.1f} s of processor")
    print(f"  peak memory {int(peak.split()[1]) / 1024:.0f} MB")
    print(f"  publish  {seconds:.2f} s")


def main() -> None:
    """Run the benchmarks named, or all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "parts",
        nargs="*",
        default=[],
        metavar="PART",
        help="scanned, text, memory, flips, register, cookbook, answers, link-weights, counted-once",
    )
    parser.add_argument("--scan", type=Path, default=ROOT / "samples" / "08-land-letter.pdf")
    parser.add_argument("--text", type=Path, default=ROOT / "samples" / "04-tourism-plan.pdf")
    parser.add_argument("--from", type=Path, nargs="*", default=[], dest="places", help="documents (answers)")
    parser.add_argument("--own", action="append", default=[], help="a body that is ours (answers)")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--tasks", type=int, default=1_000_000)
    parser.add_argument("--copies", type=int, default=300, help="of samples, with bytes flipped (flips)")
    parser.add_argument("--copy", type=Path, help="a published copy to ask the questions of (cookbook)")
    parser.add_argument("--seed", type=int, default=1)
    a = parser.parse_args()
    parts = a.parts or ["scanned", "text", "memory", "register", "cookbook"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if "scanned" in parts:
            scanned(a.scan, a.runs, folder)
        if "text" in parts:
            text_layer(a.text, a.runs, folder)
        if "memory" in parts:
            memory(a.text, folder)
        if "flips" in parts:
            flips.compare(a.copies, a.seed, folder)
        if "register" in parts:
            # In a process of its own: its peak memory is to be seen.
            code = "import sys; from pathlib import Path; from benchmarks.__main__ import register; "
            code += "register(int(sys.argv[1]), Path(sys.argv[2]))"
            subprocess.run(measure.python(code, str(a.tasks), folder), check=True, cwd=ROOT)
        if "answers" in parts:
            answers.main(a.places, a.own)
        if "link-weights" in parts:
            link_weights.main()
        if "counted-once" in parts:
            counted_once.main()
        if "cookbook" in parts and a.copy is not None:
            cookbook.ask(a.copy)
        elif "cookbook" in parts:
            code = "import sys; from benchmarks.cookbook import compare; compare(int(sys.argv[1]))"
            subprocess.run(measure.python(code, str(a.tasks)), check=True, cwd=ROOT)


if __name__ == "__main__":
    main()
