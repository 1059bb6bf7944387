#!/usr/bin/env python3
"""Counts the words and pairs of words of the samples' texts, for the reading of scans: `python -m samples.words`.

Sources of samples that are scans themselves are left out: what is measured on them must not have been learnt from
them. Written are lines `word count` and `word word count`, those of pairs seen once left out.
"""

import html
import itertools
import re
import unicodedata
from collections import Counter
from pathlib import Path

HERE = Path(__file__).parent
TARGET = HERE.parent / "pipeline" / "reading" / "words.txt"
SCANS = ("08-", "10a-", "10b-", "11-", "secret-mark-scan")


def texts() -> list[str]:
    """The running texts of all samples that are no scans."""
    files = sorted(f for f in HERE.rglob("sources/*.html") if not f.name.startswith(SCANS))
    return [
        html.unescape(re.sub(r"<style.*?</style>|<[^>]+>", " ", file.read_text(encoding="utf-8"), flags=re.S))
        for file in files
    ]


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
    kept = {words: count for words, count in counted(texts()).items() if count > 1 or " " not in words}
    TARGET.write_text("".join(f"{words} {count}\n" for words, count in sorted(kept.items())), encoding="utf-8")


if __name__ == "__main__":
    main()
