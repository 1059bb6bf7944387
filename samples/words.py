#!/usr/bin/env python3
"""Counts the words and pairs of words of our own texts, for the reading of scans: `python -m samples.words`.

They are the samples' sources and what the rules and lists of `extractors/data` hold. Sources of samples that are
scans themselves are left out: what is measured on them must not have been learnt from them. `--without batch7 …`
leaves out more, for a measure on scans of those, and `--to FILE` writes elsewhere. Written are lines `word count`
and `word word count`, those of pairs seen once left out.
"""

import argparse
import html
import itertools
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

HERE = Path(__file__).parent
TARGET = HERE.parent / "pipeline" / "reading" / "words.txt"
DATA = HERE.parent / "extractors" / "data"
SCANS = ("08-", "10a-", "10b-", "11-", "secret-mark-scan")


def texts(without: Sequence[str] = ()) -> list[str]:
    """The running texts of all samples that are no scans, and the strings of rules; but no folders `without`."""
    files = sorted(f for f in HERE.rglob("sources/*.html") if not f.name.startswith(SCANS))
    found = [
        html.unescape(re.sub(r"<style.*?</style>|<[^>]+>", " ", file.read_text(encoding="utf-8"), flags=re.S))
        for file in files
        if file.parent.parent.name not in without
    ]
    for rules in sorted(DATA.glob("*.toml")):
        found += strings(tomllib.loads(rules.read_text(encoding="utf-8")))
    return found


def strings(value: object) -> Iterator[str]:
    """All strings within a value of a TOML file, names of keys too."""
    match value:
        case str():
            yield value
        case dict():
            yield from itertools.chain.from_iterable((key, *strings(inner)) for key, inner in value.items())
        case list():
            yield from itertools.chain.from_iterable(map(strings, value))


def counted(found: list[str]) -> Counter[str]:
    """How often each word, and each pair of words that no sign parts, stands in texts."""
    counts: Counter[str] = Counter()
    for text in found:
        for part in re.split(r"[^\w\s]+|\w*\d\w*", unicodedata.normalize("NFC", text).lower()):
            words = [word for word in part.split() if word.isalpha()]
            counts.update(words)
            counts.update(f"{one} {other}" for one, other in itertools.pairwise(words))
    return counts


def main() -> None:
    """Write the counts."""
    parser = argparse.ArgumentParser(prog="python -m samples.words", description=__doc__)
    parser.add_argument("--without", nargs="*", default=[], metavar="FOLDER")
    parser.add_argument("--to", type=Path, default=TARGET, metavar="FILE")
    wanted = parser.parse_args()
    found = counted(texts(wanted.without))
    kept = {words: count for words, count in found.items() if count > 1 or " " not in words}
    wanted.to.write_text("".join(f"{words} {count}\n" for words, count in sorted(kept.items())), encoding="utf-8")


if __name__ == "__main__":
    main()
