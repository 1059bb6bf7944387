"""Pictures of the review page over the samples, at two sizes, light and dark.

python -m tests.screenshots FOLDER
"""

import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.browsers import Browser, Reviewed, until
from tests.conftest import SAMPLES

SIZES = ((1366, 768), (1920, 1080))
SUFFIXES = (".pdf", ".docx", ".html", ".txt", ".jpg", ".tiff")


def main(folder: Path) -> None:
    """Take the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
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


if __name__ == "__main__":
    main(Path(sys.argv[1]))
