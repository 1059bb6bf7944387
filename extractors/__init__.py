"""From a document as read to a letter with its tasks: pure functions, no input or output.

The order is that of the data: layout → letterhead → outline → tables (`rows`) and sentences (`items`:
segmentation, labels, orders, directives, grouping) → agencies and deadlines → confidence. `extract` composes
them; `EXTRACTOR` names the version of the rules and is stored with what they found.
"""

from extractors.extract import EXTRACTOR, extract

__all__ = ["EXTRACTOR", "extract"]
