"""Image files as pages: PNG, JPEG, and the frames of a TIFF."""

from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from pipeline.reading import errors
from pipeline.reading.material import PagePicture

A4_INCHES = (8.27, 11.69)
LEAST_DPI, MOST_DPI = 100, 1200
"""A file that claims a resolution outside of this knows none: its page is taken to be A4."""


def count(path: Path) -> int:
    """How many pages an image file has. Raises `TooLarge` before decoding, `Unreadable`."""
    try:
        with Image.open(path) as image:
            return int(getattr(image, "n_frames", 1))
    except Image.DecompressionBombError as error:
        raise errors.TooLarge(str(error)) from error
    except (OSError, SyntaxError, ValueError, UnidentifiedImageError) as error:
        raise errors.Unreadable(str(error)) from error


def frame(path: Path, number: int, most_pixels: int) -> PagePicture:
    """The picture of page `number` (from 1), upright by its own notes, gray where it holds no colour.

    Raises `TooLarge` before decoding where the declared size exceeds `most_pixels`, `Unreadable` where it
    cannot be decoded.
    """
    try:
        with Image.open(path) as image:
            image.seek(number - 1)
            if image.width * image.height > most_pixels:
                raise errors.TooLarge(f"{image.width} x {image.height} pixels")
            claimed = image.info.get("dpi", (0, 0))
            upright = ImageOps.exif_transpose(image)
            return _picture(upright, float(claimed[0] or 0))
    except Image.DecompressionBombError as error:
        raise errors.TooLarge(str(error)) from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise errors.Unreadable(str(error)) from error


def _picture(image: Image.Image, claimed: float) -> PagePicture:
    if image.mode in ("1", "L", "I;16", "I", "F"):
        pixels = np.asarray(_eight_bit(image))
    else:
        pixels = cv2.cvtColor(np.asarray(_on_white(image)), cv2.COLOR_RGB2BGR)
    short, long = sorted((image.width, image.height))
    # The page is as large as the picture says at its resolution, or A4 the way it lies.
    dpi = claimed if LEAST_DPI <= claimed <= MOST_DPI else max(short / A4_INCHES[0], long / A4_INCHES[1])
    return PagePicture(pixels, image.width / dpi * 72, image.height / dpi * 72)


def _eight_bit(image: Image.Image) -> Image.Image:
    """Gray of any depth as 8 bits."""
    if image.mode.startswith("I") or image.mode == "F":
        values = np.asarray(image).astype(np.float32)
        return Image.fromarray((values * (255 / max(1.0, float(values.max())))).astype(np.uint8))
    return image.convert("L")


def _on_white(image: Image.Image) -> Image.Image:
    """Colours of any kind as RGB; what is transparent is paper."""
    if image.has_transparency_data:
        layered = image.convert("RGBA")
        white = Image.new("RGBA", layered.size, "white")
        return Image.alpha_composite(white, layered).convert("RGB")
    return image.convert("RGB")
