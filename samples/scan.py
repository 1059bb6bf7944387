#!/usr/bin/env python3
"""Makes a PDF look scanned, without a text layer: `scan.py IN.pdf OUT.pdf [--level poor]`; same input, same bytes.

`clean`: 300 dpi, straight. `office`: 200 dpi, skew up to 0.8 degrees, grain, specks, a dark edge. `poor`: 150 dpi,
skew up to 2.5 degrees, blur, strong grain, many specks, uneven light, hard compression.
"""

import argparse
import io
from pathlib import Path
from time import gmtime
from typing import NamedTuple

import numpy as np
import pypdfium2 as pdfium
from PIL import Image, ImageFilter


class Level(NamedTuple):
    """How bad a scan is: resolution, degrees of skew, gray levels of grain and shade, JPEG quality, specks."""

    dpi: int
    skew: float
    grain: float
    blur: float
    quality: int
    specks: int
    shade: float


LEVELS = {
    "clean": Level(300, 0.0, 3, 0.0, 80, 0, 0),
    "office": Level(200, 0.8, 12, 0.5, 55, 40, 10),
    "poor": Level(150, 2.5, 20, 0.7, 35, 250, 35),
}


def scanned(page: Image.Image, level: Level, rng: np.random.Generator) -> Image.Image:
    """A gray page as a scanner of that level hands it over: a JPEG."""
    if level.skew:
        turn = rng.uniform(-level.skew, level.skew)
        page = page.rotate(turn, resample=Image.Resampling.BICUBIC, fillcolor=255)
    if level.blur:
        page = page.filter(ImageFilter.GaussianBlur(level.blur))
    pixels = np.asarray(page).astype(np.float32)
    height, width = pixels.shape
    if level.shade:
        pixels -= np.linspace(0, level.shade, width)[None, :] * rng.uniform(0.3, 1)
    for _ in range(level.specks):
        y, x = rng.integers(0, height - 3), rng.integers(0, width - 3)
        pixels[y : y + rng.integers(1, 3), x : x + rng.integers(1, 3)] = rng.integers(0, 120)
    if level.specks:
        pixels[:, : rng.integers(3, 12)] *= 0.35
    pixels += rng.normal(0, level.grain, pixels.shape)
    buffer = io.BytesIO()
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(buffer, "JPEG", quality=level.quality)
    buffer.seek(0)
    return Image.open(buffer)


def scan(source: Path, target: Path, level: str, seed: int = 7) -> None:
    """Write the scan of all pages of a PDF."""
    how, rng = LEVELS[level], np.random.default_rng(seed)
    document = pdfium.PdfDocument(source)
    pages = [scanned(page.render(scale=how.dpi / 72).to_pil().convert("L"), how, rng) for page in document]
    document.close()
    made = gmtime(1767225600)  # one fixed time: Pillow would write the present one into the file
    rest = pages[1:]
    pages[0].save(
        target, "PDF", save_all=True, append_images=rest, resolution=how.dpi, creationDate=made, modDate=made
    )


def main() -> None:
    """Scan the file named."""
    parser = argparse.ArgumentParser(description="Makes a PDF look scanned.")
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--level", choices=LEVELS, default="office")
    parser.add_argument("--seed", type=int, default=7)
    wanted = parser.parse_args()
    scan(wanted.source, wanted.target, wanted.level, wanted.seed)


if __name__ == "__main__":
    main()
