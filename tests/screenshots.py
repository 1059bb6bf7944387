"""Pictures of the review page over the samples, at two sizes, light and dark; of the dashboard, a report and an
exported workbook over a register of made-up letters.

python -m tests.screenshots FOLDER [review|analysts …]
"""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

import pypdfium2 as pdfium

from pipeline import export, owner, settings
from pipeline.publish import publish
from pipeline.register import open_register
from review.marking import COLOURS
from samples import registers
from tests.browsers import Browser, Reviewed, until
from tests.conftest import SAMPLES

SIZES = ((1366, 768), (1920, 1080))
TASKS = 3000
AGENCY = "Bộ Y tế"
MARKED = ("text", "lead", "deadline")
"""What has a mark on the page of the record that is shown."""
SUFFIXES = (".pdf", ".docx", ".html", ".txt", ".jpg", ".tiff")


def main(folder: Path, parts: Sequence[str]) -> None:
    """Take the pictures: of all parts, or of those named."""
    folder.mkdir(parents=True, exist_ok=True)
    if "review" in (parts or ("review",)):
        review(folder)
    if "analysts" in (parts or ("analysts",)):
        analysts(folder)


def review(folder: Path) -> None:
    """Queue, record, letter and files."""
    with tempfile.TemporaryDirectory() as scratch:
        office = Reviewed(Path(scratch) / "home")
        (office.home / "giaoviec.toml").write_text(
            '[[own_bodies]]\nname = "Tỉnh Khánh Hòa"\npredecessors = ["Tỉnh Ninh Thuận"]\n', "utf-8"
        )
        for file in sorted(SAMPLES.iterdir()):
            if file.suffix in SUFFIXES:
                shutil.copyfile(file, office.home / "inbox" / file.name)
        with office.running() as url:
            for width, height in SIZES:
                for dark in (False, True):
                    profile = Path(scratch) / f"{width}-{dark}"
                    browser = Browser(profile, width, height, dark=dark)
                    browser.enter_as(url, "Trần Thị Bình")
                    browser.settled()
                    look = f"{width}x{height}-{'dark' if dark else 'light'}"
                    _all(browser, url, folder, look)
                    browser.quit()


def _all(browser: Browser, url: str, folder: Path, look: str) -> None:
    """Queue, record, letter and files, as one browser shows them."""

    def take(name: str) -> None:
        time.sleep(1.0)
        browser.driver.save_screenshot(str(folder / f"{name}-{look}.png"))

    browser.go(url)
    browser.one(".rows tbody tr")
    take("queue")
    browser.click(".rows tbody tr", "187/CĐ-TTg")
    image = browser.one(".sheet-image img")
    until(lambda: browser.driver.execute_script("return arguments[0].naturalWidth", image))
    browser.settled()
    while not all(browser.all(f".sheet-image rect[fill='{COLOURS[field]}']") for field in MARKED):
        shown = browser.driver.execute_script("return recordShown()")
        browser.press("j")
        until(lambda shown=shown: browser.driver.execute_script("return recordShown()") != shown)
        time.sleep(1.0)  # what is handed down is marked a moment later
    take("record")
    browser.press("l")
    until(lambda: "/letter/" in browser.driver.current_url)
    browser.settled()
    image = browser.one(".sheet-image img")
    until(lambda: browser.driver.execute_script("return arguments[0].naturalWidth", image))
    take("letter")
    browser.go(f"{url}/files")
    browser.one(".aside")
    take("files")


def analysts(folder: Path) -> None:
    """Dashboard, report and workbook."""
    with tempfile.TemporaryDirectory() as scratch:
        office = Reviewed(Path(scratch) / "home")
        published(office.home, TASKS)
        with office.running() as url:
            for dark in (False, True):
                browser = Browser(Path(scratch) / f"profile-{dark}", 1366, 768, dark=dark)
                browser.enter_as(url, "Trần Thị Bình")
                look = f"1366x768-{'dark' if dark else 'light'}"
                for name, path, shown in (
                    ("dashboard", "/dashboard", ".rows tbody tr"),
                    ("timeline", f"/dashboard?agency={quote(AGENCY)}", ".timeline"),
                    ("report", f"/report?agency={quote(AGENCY)}", ".report table"),
                ):
                    browser.go(url + path)
                    browser.one(shown)
                    if name == "timeline":
                        browser.driver.execute_script("document.querySelector('.timeline').scrollIntoView()")
                    time.sleep(2.0)
                    browser.driver.save_screenshot(str(folder / f"{name}-{look}.png"))
                browser.quit()
        workbook(office.home, folder)


def published(home: Path, tasks: int) -> None:
    """A home with so many tasks of made-up letters, and its published copy."""
    registers.write(home / "journal", tasks)
    mine = owner.own(home, "pictures")
    assert mine is not None
    with open_register(home, settings.load(home), mine) as register:
        publish(register)


def workbook(home: Path, folder: Path) -> None:
    """The first page of an exported workbook, as LibreOffice prints it."""
    office = shutil.which("soffice")
    if office is None:
        print("no picture of the workbook: it needs LibreOffice (Debian: libreoffice-calc)")
        return
    mine = owner.own(home, "pictures")
    assert mine is not None
    with tempfile.TemporaryDirectory() as scratch, open_register(home, settings.load(home), mine) as register:
        file = Path(scratch) / "a.xlsx"
        some = register.store.rows("SELECT document_sha256 FROM documents ORDER BY name LIMIT 12")
        export.save(register.store, "xlsx", file, export.Choice(documents=tuple(sha for (sha,) in some)))
        command = [office, f"-env:UserInstallation=file://{scratch}/profile", "--headless", "--convert-to", "pdf"]
        subprocess.run([*command, "--outdir", scratch, str(file)], check=True, capture_output=True, timeout=180)
        page = pdfium.PdfDocument(file.with_suffix(".pdf"))[0]
        page.render(scale=1.6).to_pil().save(folder / "excel.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
