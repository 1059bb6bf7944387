"""The questions of docs/cookbook.md answered from documents of yours: `python -m benchmarks answers`.

`--from PATH …` names documents or folders; they are read into a home of their own, thrown away afterwards.
`--own NAME` says who we are.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.cookbook import COOKBOOK, QUESTIONS

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "samples"
KINDS = (".pdf", ".docx", ".html", ".txt", ".xlsx")


def documents(folder: Path) -> list[Path]:
    """The documents of a folder, one of each name: a page's HTML beside its PDF is the same letter."""
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix in KINDS and (path.stem not in found or path.suffix == ".pdf"):
            found[path.stem] = path
    return list(found.values())


def show(paths: Sequence[Path], own: Sequence[str]) -> None:
    """Read documents and print every question of the cookbook with its answer."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        bodies = "".join(f"[[own_bodies]]\nname = {json.dumps(body, ensure_ascii=False)}\n" for body in own)
        (home / "giaoviec.toml").write_text('language = "en"\n' + bodies, "utf-8")
        said = _giaoviec(home, "ingest", *map(str, paths))
        print("\n".join(said.splitlines()[-len(paths) - 4 :]))
        for title, sql in QUESTIONS.findall(COOKBOOK.read_text("utf-8")):
            print(f"\n## {title}\n")
            print(_giaoviec(home, "query", sql))


def _giaoviec(home: Path, *words: str) -> str:
    command = [sys.executable, "-m", "pipeline.cli", "--home", str(home), *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    # 3: some letters were held or could not be read, which is no reason to answer nothing.
    if done.returncode not in (0, 3):
        raise RuntimeError(done.stderr)
    return done.stdout


def main(places: Sequence[Path], own: Sequence[str]) -> None:
    """Answer from folders and files; from the samples of links where none is named."""
    paths = [
        p for place in places or [SAMPLES / "links"] for p in (documents(place) if place.is_dir() else [place])
    ]
    show(paths, own)
