"""Debian's Chromium, headless, driven by selenium; and a review page of its own to drive it against."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
from selenium.common.exceptions import (
    NoSuchElementException,
    SessionNotCreatedException,
    StaleElementReferenceException,
)
from selenium.webdriver import ActionChains, Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
)


def until(found: Callable[[], Any], seconds: float = 60.0) -> Any:
    """Wait until something is there; fail where it does not come."""
    end = time.monotonic() + seconds
    while True:
        with contextlib.suppress(NoSuchElementException, StaleElementReferenceException):
            value = found()
            if value:
                return value
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


STARTS = 3
"""How often the browser is started before it counts as missing: on a busy machine it now and then ends at once."""


def _started(options: ChromeOptions) -> Chrome:
    # Chromium's socket lies in TMPDIR, and its path must be short: not in a home's scratch folder.
    surroundings = {name: value for name, value in os.environ.items() if name != "TMPDIR"}
    for start in range(1, STARTS + 1):
        try:
            return Chrome(options=options, service=Service("/usr/bin/chromedriver", env=surroundings))
        except SessionNotCreatedException:
            if start == STARTS:
                raise
            time.sleep(1)
    raise AssertionError("unreachable")


class Browser:
    """One reviewer at one browser. Counts the keys pressed and the clicks made."""

    def __init__(self, profile: Path, width: int = 1366, height: int = 768, *, dark: bool = False) -> None:
        options = ChromeOptions()
        for flag in (*FLAGS, f"--user-data-dir={profile}", f"--window-size={width},{height}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = _started(options)
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
        )
        if dark:
            self.driver.execute_cdp_cmd(
                "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark"}]}
            )
        self.strokes = 0
        self.clicks = 0

    def go(self, url: str) -> None:
        """Open an address, leaving what is not saved, and wait for the page to be connected to its server."""
        # The browser would ask, in a dialog its driver does not always get over.
        self.driver.execute_script("if (typeof isUnsaved !== 'undefined') isUnsaved = false")
        self.driver.get(url)
        if "/login" not in self.driver.current_url:
            self.settled()

    def settled(self) -> None:
        """Wait until the page's web socket stands."""
        until(lambda: self.driver.execute_script("return window.socket?.connected === true"))

    def enter_as(self, url: str, name: str, password: str | None = None) -> None:
        """Open the page as somebody, and wait for it: what is opened before the answer is turned away."""
        self.driver.get(url)
        self.one("input[name=name]").send_keys(name)
        if password is not None:
            self.one("input[name=password]").send_keys(password)
        self.one("button").click()
        until(lambda: "/login" not in self.driver.current_url)
        self.settled()

    def one(self, css: str) -> WebElement:
        """The first element of a selector, once it is there."""
        found: WebElement = until(lambda: self.driver.find_element(By.CSS_SELECTOR, css))
        return found

    def all(self, css: str) -> list[WebElement]:
        """All elements of a selector that are there now."""
        return list(self.driver.find_elements(By.CSS_SELECTOR, css))

    def press(self, *keys: str) -> None:
        """Press keys, whatever has the focus."""
        for key in keys:
            self.strokes += len(key)
            ActionChains(self.driver).send_keys(key).perform()

    def chord(self, modifier: str, key: str) -> None:
        """Press a key with a modifier."""
        self.strokes += 1
        ActionChains(self.driver).key_down(modifier).send_keys(key).key_up(modifier).perform()

    def click(self, css: str, words: str | None = None) -> None:
        """Click the first element of a selector (that holds these words)."""
        self.clicks += 1

        def clicked() -> bool:
            for element in self.all(css):
                if element.is_displayed() and (words is None or words in element.text):
                    element.click()
                    return True
            return False

        until(clicked)

    def drag(self, css: str, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Drag over an element, from one point to another, as shares of its width and height."""
        self.clicks += 1
        element = self.one(css)
        box = element.rect
        left, top = box["width"] / 2, box["height"] / 2

        def offset(share: tuple[float, float]) -> tuple[int, int]:
            return int(share[0] * box["width"] - left), int(share[1] * box["height"] - top)

        chain = ActionChains(self.driver).move_to_element_with_offset(element, *offset(start)).click_and_hold()
        chain.move_to_element_with_offset(element, *offset(end)).release().perform()

    def drop(self, css: str, *files: Path) -> None:
        """Drag files from outside the browser onto an element, and let them go there."""
        self.clicks += 1
        box = self.one(css).rect
        point = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        data = {"items": [], "files": [str(file) for file in files], "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            self.driver.execute_cdp_cmd("Input.dispatchDragEvent", {"type": kind, "data": data, **point})

    def choose(self, css: str, file: Path, ask: Callable[[], None]) -> None:
        """Ask for the browser's file chooser (which no test can operate) and name the file as it would."""
        self.driver.execute_cdp_cmd("Page.setInterceptFileChooserDialog", {"enabled": True})
        ask()
        until(lambda: any(m == "Page.fileChooserOpened" for m, _ in self.messages()))
        self.driver.execute_cdp_cmd("Page.setInterceptFileChooserDialog", {"enabled": False})
        self.one(css).send_keys(str(file))

    def downloaded(self, folder: Path, ask: Callable[[], None]) -> Path:
        """The one file that comes when it is asked for, put into a folder of its own."""
        folder.mkdir()
        self.driver.execute_cdp_cmd(
            "Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)}
        )
        ask()
        files: list[Path] = until(lambda: [f for f in folder.iterdir() if f.suffix != ".crdownload"])
        until(lambda: files[0].stat().st_size)
        [file] = files
        return file

    def field(self, name: str) -> str:
        """What a field of the record holds now."""
        entry = self.one(f".field-{name} textarea, .field-{name} input")
        chips = [chip.text for chip in self.all(f".field-{name} .q-chip__content")]
        return "; ".join(chips) if chips else str(entry.get_property("value"))

    def focused(self, css: str) -> None:
        """Wait until the focus is within an element of a selector: not merely in some entry."""
        until(lambda: self._holds_focus(css))

    def tab_to(self, css: str, most: int = 8) -> None:
        """Press Tab until the focus is within an element: the first may only close what completion offers."""
        for _ in range(most):
            self.press(Keys.TAB)
            with contextlib.suppress(AssertionError):
                until(lambda: self._holds_focus(css), seconds=1.0)
                return
        raise AssertionError(f"{css} never got the focus")

    def _holds_focus(self, css: str) -> bool:
        script = "return document.activeElement.closest(arguments[0]) !== null"
        return bool(self.driver.execute_script(script, css))

    def leave(self) -> None:
        """Press Esc until no field has the focus: the first may only close what completion offers."""

        def left() -> bool:
            if self.driver.execute_script("return isTyping()"):
                self.press(Keys.ESCAPE)
            return not self.driver.execute_script("return isTyping()")

        until(left)

    def text(self, css: str) -> str:
        """The words of an element, once it has any."""
        return str(until(lambda: self.driver.find_element(By.CSS_SELECTOR, css).text))

    def said(self, words: str) -> None:
        """Wait for a notification with these words; fail at once with what an error says."""

        def is_said() -> bool:
            texts = [n.text for n in self.all(".q-notification")]
            failures = [n.text for n in self.all(".q-notification.bg-negative")]
            assert not failures, failures
            return any(words in text for text in texts)

        until(is_said)

    def unnamed(self) -> list[str]:
        """What can be worked with and has no name a screen reader could say, by its place in the document."""
        found = self.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
        worked = ("textbox", "searchbox", "button", "link", "checkbox", "combobox", "radio", "switch")
        bad = [n for n in found if not n["ignored"] and n["role"]["value"] in worked and not n["name"]["value"]]
        nodes = (
            self.driver.execute_cdp_cmd("DOM.describeNode", {"backendNodeId": n["backendDOMNodeId"]}) for n in bad
        )
        return [f"{node['node']['nodeName']} {node['node'].get('attributes')}" for node in nodes]

    def hosts(self) -> set[str]:
        """The hosts that pages asked for anything."""
        asked = (m["request"]["url"] for method, m in self.messages() if method == "Network.requestWillBeSent")
        return {url.split("/")[2] for url in asked if url.startswith(("http", "ws"))}

    def messages(self) -> list[tuple[str, dict[str, Any]]]:
        """What the browser has told of its work since it was last asked."""
        entries = self.driver.get_log("performance")  # type: ignore[no-untyped-call]
        messages = [json.loads(entry["message"])["message"] for entry in entries]
        return [(message["method"], message.get("params", {})) for message in messages]

    def quit(self) -> None:
        """Close the browser."""
        self.driver.quit()


class Reviewed:
    """A home with the review page over it, in a process of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        (home / "inbox").mkdir(parents=True, exist_ok=True)

    @contextlib.contextmanager
    def running(self, host: str = "127.0.0.1") -> Iterator[str]:
        """Serve for the time of the block; yields the address without its last slash."""
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.review_server", str(self.home), host],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parent.parent,
        )
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip().rstrip("/")
            assert url, "the review page did not start"
            # On all addresses the machine's own name is shown, which need not lead anywhere here.
            yield f"http://127.0.0.1:{url.rpartition(':')[2]}"
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=60) == 0

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of the database after the server has ended."""
        with duckdb.connect(str(self.home / "giaoviec.duckdb"), read_only=True) as connection:
            return connection.execute(sql).fetchall()


__all__ = ["Browser", "Keys", "Reviewed", "until"]
