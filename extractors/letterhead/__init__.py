"""The frame of a letter: who wrote it, its number and date, to whom, what about, who signed, what stamps it bears.

Forms: Nghị định 30/2020/NĐ-CP Phụ lục I (state), Hướng dẫn 36-HD/VPTW (Party). The two columns of head and foot
come as separate paragraphs, as cells of a borderless table, or as one line with both; an annex has no head and
names its letter (`Kèm theo Quyết định số …`). `parts` says which blocks are frame and which are body; `read`
takes the frame apart. What cannot be read is None, with the reason in `unknown`.

Within: wording (data and forms) → lines → head, foot → frame → fields, references → letter.
"""

from extractors.letterhead.frame import LetterParts, bears_motto, parts
from extractors.letterhead.letter import read

__all__ = ["LetterParts", "bears_motto", "parts", "read"]
