#!/usr/bin/env python3
"""Judged evidence to fit confidence on, from samples, into `samples/calibration/`. From the repository's root:

    python samples/replay.py cold COMMIT FOLDER    what the rules of COMMIT made of letters new to them
    python samples/replay.py present               what the present rules make of all samples
    python samples/replay.py scans [FOLDER …]      the same of scans of them, or of some folders' (minutes a batch)

A cold row is the truth about a letter of a new kind; nobody can make it twice but from the history, so the commit
at which a batch was scored cold is checked out beside and run on the batch, and the evidence of its tasks is named
as the present code names it. Needs a clone with its history.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROWS = ROOT / "samples" / "calibration"
LEVELS = ("office", "poor")


def inside(folder: Path, out: Path) -> None:
    """Run in a check-out of old rules: write the letter each document of `folder` is to `out`."""
    sys.path.insert(0, str(Path.cwd()))
    import msgspec

    import extractors.confidence as confidence
    from extractors import extract, nlp
    from pipeline import evaluate, reading

    if hasattr(confidence, "assess") and not hasattr(confidence, "judged"):
        # Before tasks kept their evidence it was told to `assess` alone: have it come along as reasons.
        was = confidence.assess

        def assess(evidence):  # type: ignore[no-untyped-def]
            chances, _ = was(evidence)
            fields = ("text", "lead", "deadline")
            return chances, tuple(f"{field}:{code}" for field in fields for code in getattr(evidence, field))

        confidence.assess = assess
    elif hasattr(confidence, "evidence"):
        # Only what was named where a value was found: the rest is named as the present code names it.
        confidence.evidence.of_tasks = lambda letter, tasks: [task.evidence for task in tasks]
    opens = nlp.opens

    def guarded(text, patterns):  # type: ignore[no-untyped-def]
        # At the first of these commits a text without tags stopped extraction; its cold score was taken with this.
        if text and not nlp.parse(f"{text[0].lower()}{text[1:]} .").has_annotation("TAG"):
            return None
        return opens(text, patterns)

    nlp.opens = guarded
    with_gold = getattr(evaluate, "with_gold", None) or evaluate._with_gold
    for path, _ in with_gold(folder, ()):
        document = reading.read(path, media_type=reading.media_type(path), sha256="")
        (out / f"{path.name}.letter").write_bytes(msgspec.msgpack.encode(extract(document)))


def cold(commit: str, folder: Path) -> None:
    """Write the rows of what the rules of `commit` made of `folder`."""
    with tempfile.TemporaryDirectory() as place:
        tree, out = Path(place) / "tree", Path(place) / "letters"
        out.mkdir()
        subprocess.run(["git", "worktree", "add", "-q", "--detach", str(tree), commit], cwd=ROOT, check=True)
        try:
            given = ["--inside", str(folder.resolve()), str(out)]
            subprocess.run([sys.executable, str(Path(__file__).resolve()), *given], cwd=tree, check=True)
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", str(tree)], cwd=ROOT, check=True)
        _keep(_cold_name(commit, folder), _judged(out, folder, f"cold {commit}"))


def _cold_name(commit: str, folder: Path) -> str:
    """`cold-07-747dacc-batch7`: batches count in the order in which they were scored."""
    kept = sorted(file.stem for file in ROWS.glob("cold-*.jsonl"))
    again = next((name for name in kept if name.endswith(f"-{commit}-{_batch(folder)}")), None)
    return again or f"cold-{len(kept) + 1:02}-{commit}-{_batch(folder)}"


def _batch(folder: Path) -> str:
    return "batch1" if folder.resolve() == ROOT / "samples" else folder.resolve().name


def _judged(letters: Path, gold: Path, origin: str):  # type: ignore[no-untyped-def]
    import msgspec

    from extractors import evidence
    from models import Evidence, Letter
    from pipeline import calibration, evaluate

    rows = []
    for file in sorted(letters.glob("*.letter")):
        name = file.name.removesuffix(".letter")
        letter = msgspec.msgpack.decode(file.read_bytes(), type=Letter)
        tasks = []
        for task in letter.tasks:
            named: dict[str, list[str]] = {}
            for field, _, code in (reason.partition(":") for reason in task.reasons if ":" in reason):
                named.setdefault(field, []).append(code)
            told = Evidence(**{field: tuple(codes) for field, codes in named.items()}) if named else task.evidence
            tasks.append(msgspec.structs.replace(task, evidence=told))
        whole = [
            msgspec.structs.replace(task, evidence=told)
            for task, told in zip(tasks, evidence.of_tasks(letter, tasks), strict=True)
        ]
        records = evaluate.read_records(gold / f"{name.rsplit('.', 1)[0]}.tasks.jsonl")
        rows += calibration.judge(name, records, whole, origin)
    return rows


def present() -> None:
    """Write the rows of what the present rules make of all samples."""
    from models import Office
    from pipeline import calibration

    _keep("present", [row for f in _folders() for row in calibration.judge_folder(f, Office(), "present")])


def scans(folder: Path) -> None:
    """Write the rows of what the present rules make of scans of a folder's samples that are PDF."""
    import shutil

    from models import Office
    from pipeline import calibration
    from samples import scan

    rows = []
    for level in LEVELS:
        with tempfile.TemporaryDirectory() as place:
            for gold in folder.glob("*.tasks.jsonl"):
                paper = gold.with_name(gold.name.replace(".tasks.jsonl", ".pdf"))
                if paper.exists() and "secret" not in paper.name:
                    scan.scan(paper, Path(place) / paper.name, level)
                    shutil.copy(gold, place)
            rows += calibration.judge_folder(Path(place), Office(), f"{level} scan")
    _keep(f"scans-{_batch(folder)}", rows)


def _folders() -> list[Path]:
    return [ROOT / "samples", *sorted(path for path in (ROOT / "samples").glob("batch*") if path.is_dir())]


def _keep(name: str, rows) -> None:  # type: ignore[no-untyped-def]
    from pipeline import calibration

    ROWS.mkdir(exist_ok=True)
    calibration.save(ROWS / f"{name}.jsonl", rows)
    print(f"{name}: {len(rows)} rows, {sum(row.right for row in rows)} right")


def main() -> None:
    """Make the rows asked for."""
    if sys.argv[1:2] == ["--inside"]:
        inside(Path(sys.argv[2]), Path(sys.argv[3]))
        return
    parser = argparse.ArgumentParser(description="Judged evidence from samples.")
    parser.add_argument("kind", choices=("cold", "present", "scans"))
    parser.add_argument("rest", nargs="*", metavar="COMMIT FOLDER", help="a commit and a folder, or a folder")
    given = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    match given.kind, given.rest:
        case "present", []:
            present()
        case "scans", folders:
            for folder in map(Path, folders) if folders else _folders():
                scans(folder)
        case "cold", [commit, folder]:
            cold(commit, Path(folder))
        case _:
            parser.error("cold wants a commit and a folder, present nothing")


if __name__ == "__main__":
    main()
