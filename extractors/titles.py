"""Titles of persons who speak in an account of what was said, as fragments of expressions in small letters."""

from typing import Final

_CHAIRS: Final = "(?:phó )?thủ tướng|bộ trưởng|chủ tịch|bí thư|ông|bà"
_OTHERS: Final = (
    "thứ trưởng|phó chủ tịch|phó bí thư|(?:phó )?giám đốc|cục trưởng|vụ trưởng|(?:phó )?trưởng (?:ban|đoàn)"
    "|đồng chí|đại diện"
)

CHAIRS: Final = f"(?:{_CHAIRS}|người đứng đầu)"
"""Who may chair a meeting, and so give orders in it; `ông`, `bà` go back to one named before."""

SPEAKERS: Final = f"(?:{_CHAIRS}|{_OTHERS}|người đứng đầu)"
"""Anybody who may be quoted."""

TITLED: Final = f"(?:{_CHAIRS}|{_OTHERS})"
"""Who bears a title before the name; `người đứng đầu` may be any body's, and then acts for it."""
