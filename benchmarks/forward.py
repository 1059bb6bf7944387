"""How confidence is to be fitted, told forward: each cold batch by fits on the batches scored before it alone.

`python -m benchmarks.forward samples/calibration`: log loss of the whole record (less is better) by the share
that warm rows count for and by how fast cold ones fade; `--without NAME,NAME` the same with evidence left out;
`--groups` what was said of rows by kind beside how many of them were right. Minutes of one core. Real documents
have no part in it.
"""

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
import numpy as np

from models import Evidence
from pipeline import calibration
from pipeline.calibration import FADES_IN, WARM_SHARE, Judged, Told

FIRST = 7
"""So many cold batches lie before the first that is told."""

SHARES, FADING = (0.0, 0.25, 0.5, 0.67, 0.8), (8.0, 4.0, 2.0)
"""Shares of warm rows; batches after which a cold row counts for half."""

RESAMPLES = 400
GROUPS = (
    "table_row", "list_item", "numbered_clause", "unmarked_paragraph", "parallel_parts", "report", "order_letter",
    "other_letter", "no_issuer", "annex", "local_issuer", "few_tasks", "doubtful_letter", "clean_letter",
)  # fmt: skip


def compared(title: str, told: Sequence[Told], beside: Sequence[Told]) -> str:
    """A fit's figures in one line, its log loss with the difference to another fit of the same rows.

    The interval is that in which 95 % of resamples of the documents have it.
    """
    mine, theirs = ({id(row): _loss(row, chance) for row, chance in some} for some in (told, beside))
    by_document: dict[str, list[float]] = {}
    for row, _ in told:
        by_document.setdefault(row.document, []).append(mine[id(row)] - theirs[id(row)])
    parts = list(by_document.values())
    drawn = np.random.default_rng(7).integers(0, len(parts), (RESAMPLES, len(parts)))
    sums, counts = np.array([sum(part) for part in parts]), np.array([len(part) for part in parts])
    low, high = np.quantile(sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1), (0.025, 0.975))
    loss, difference = np.mean(list(mine.values())), sums.sum() / counts.sum()
    said, right = np.mean([chance for _, chance in told]), np.mean([row.right for row, _ in told])
    figures = calibration.evaluate.calibration([(chance, row.right) for row, chance in told])
    return (
        f"{title:24} {loss:.4f}  {difference:+.4f} ({low:+.4f} to {high:+.4f})  "
        f"said {said:.3f}  right {right:.3f}  "
        f"ece {figures['ece']:.3f}  aurc {figures['aurc']:.3f}  "
        f"fifth {figures['errors_in_least_confident_fifth']:.2f}  at 99 % {figures['acceptable_unseen_at_99']:.2f}"
    )


def _loss(row: Judged, chance: float) -> float:
    return calibration.log_loss([(chance, row.right)])


def without(rows: Iterable[Judged], names: frozenset[str]) -> list[Judged]:
    """Rows as if some evidence had no name."""

    def left(told: Sequence[str]) -> tuple[str, ...]:
        return tuple(name for name in told if name not in names)

    return [
        msgspec.structs.replace(
            row,
            evidence=Evidence(left(row.evidence.text), left(row.evidence.lead), left(row.evidence.deadline)),
        )
        for row in rows
    ]


def groups(told: Sequence[Told]) -> list[str]:
    """What was said of rows by kind, beside how many of them were right."""
    lines = []
    for name in GROUPS:
        some = [(chance, row.right) for row, chance in told if name in row.evidence.text]
        if some:
            said, right = np.mean([chance for chance, _ in some]), np.mean([ok for _, ok in some])
            lines.append(f"{name:24} {len(some):4} records  said {said:.3f}  right {right:.3f}")
    return lines


def main() -> None:
    """Print what is asked for."""
    parser = argparse.ArgumentParser(description="How confidence is to be fitted, told forward.")
    parser.add_argument("rows", type=Path)
    parser.add_argument("--without", action="append", default=[], metavar="NAME,NAME")
    parser.add_argument("--groups", action="store_true")
    given = parser.parse_args()
    rows = [row for file in sorted(given.rows.glob("*.jsonl")) for row in calibration.load(file)]
    chosen = calibration.forward(rows, first=FIRST)
    print(compared("as it ships", chosen, chosen), flush=True)
    if given.groups:
        print(*groups(chosen), sep="\n")
    for names in given.without:
        fewer = without(rows, frozenset(names.split(",")))
        told = calibration.forward(fewer, first=FIRST)
        # The same rows in the same order: what is said of each is laid beside the row as it was.
        paired = [(row, chance) for (row, _), (_, chance) in zip(chosen, told, strict=True)]
        print(compared(f"without {names}", paired, chosen), flush=True)
    if not given.groups and not given.without:
        others = [(share, FADES_IN) for share in SHARES if share != WARM_SHARE]
        for share, fading in (*others, *((WARM_SHARE, fading) for fading in FADING)):
            told = calibration.forward(rows, share, fading, FIRST)
            print(compared(f"warm {share}, fading {fading or 'none'}", told, chosen), flush=True)


if __name__ == "__main__":
    main()
