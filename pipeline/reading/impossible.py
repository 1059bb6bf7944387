"""Days and months that cannot be (`ngày 37 tháng 02`) are read once more, in other sizes: no digit is guessed.

The day of a letter is what all its deadlines count from; its type is often italic, which the engine reads worst.
"""

import re
from collections.abc import Sequence
from typing import cast

import cv2

from pipeline.reading import ocr
from pipeline.reading.material import Gray
from pipeline.reading.ocr import Mode, Recognised

SCALES = (0.75, 1.25)
"""Sizes in which such a number is read again."""
SURENESS = 0.8
"""What was read again is no surer than this."""
MOST = 4
"""Numbers of one page that are read again: more of them are no dates."""
PADDING = 0.5
"""White around the words read again, in heights of the number."""
LAST_DAY, LAST_MONTH = 31, 12

_NUMBER = re.compile(r"(\d{1,2})([.,;:]?)")
_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(?:19|20)\d\d[.,;:)]?")


def read_again(words: Sequence[Recognised], gray: Gray, dpi: float, seconds: float) -> list[Recognised]:
    """Words of a picture (boxes in its pixels), impossible numbers as they are seen in other sizes.

    A number is taken where every size that shows a possible one shows the same. `seconds`: time this may take.
    """
    found = list(words)
    places = [index for index in range(len(words)) if not _is_possible(words, index)][:MOST]
    if not places:
        return found
    cuts = [_cut(words, index, gray) for index in places]
    readings = [
        ocr.recognise_each(
            [cast(Gray, cv2.resize(cut, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)) for cut in cuts],
            dpi * scale,
            Mode.BLOCK,
            seconds / len(SCALES),
        )
        for scale in SCALES
    ]
    for place, index in enumerate(places):
        seen = {text for reading in readings if (text := _possible(words, index, reading[place]))}
        if len(seen) == 1:
            sure = min(words[index].confidence, SURENESS)
            found[index] = words[index]._replace(text=seen.pop(), confidence=sure)
    return found


def _is_possible(words: Sequence[Recognised], index: int) -> bool:
    """Whether a word is no day or month, or one that can be."""
    text = words[index].text
    if date := _DATE.fullmatch(text):
        return 0 < int(date[1]) <= LAST_DAY and 0 < int(date[2]) <= LAST_MONTH
    number = _NUMBER.fullmatch(text)
    before = words[index - 1].text.casefold() if index else ""
    following = words[index + 1].text.casefold() if index + 1 < len(words) else ""
    if number and before == "ngày" and following == "tháng":
        return 0 < int(number[1]) <= LAST_DAY
    if number and before == "tháng" and following == "năm":
        return 0 < int(number[1]) <= LAST_MONTH
    return True


def _neighbours(words: Sequence[Recognised], index: int) -> range:
    """The words on the line of one, from the one before it to the one behind it."""
    start = index - (index > 0 and words[index - 1].x0 < words[index].x0)
    end = index + (index + 1 < len(words) and words[index + 1].x0 > words[index].x0)
    return range(start, end + 1)


def _cut(words: Sequence[Recognised], index: int, gray: Gray) -> Gray:
    """The picture of a word and its neighbours on the line."""
    word, near = words[index], [words[place] for place in _neighbours(words, index)]
    padding = PADDING * (word.bottom - word.top)
    top, bottom = min(each.top for each in near) - padding, max(each.bottom for each in near) + padding
    left, right = near[0].x0 - padding, near[-1].x1 + padding
    return gray[max(0, round(top)) : round(bottom), max(0, round(left)) : round(right)]


def _possible(words: Sequence[Recognised], index: int, reading: Sequence[Recognised]) -> str | None:
    """What a new reading shows in the place of a word, where it can be."""
    near = _neighbours(words, index)
    # A piece of the next word may have come along.
    if len(reading) < len(near):
        return None
    place = index - near.start
    around = [words[each] for each in near]
    around[place] = reading[place]
    same_form = any(form.fullmatch(reading[place].text) for form in (_NUMBER, _DATE))
    return reading[place].text if same_form and _is_possible(around, place) else None
