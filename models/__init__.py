"""The nouns of giaoviec, typed and immutable.

Every record is a frozen `msgspec.Struct`: it knows its JSON form (`encode`, `decode`) and checks types on the
way in, so that what the journal holds is read back as it was written.
"""

from models.agency import Agency, AgencyMention, Concern, Role
from models.calibration import Calibration, Weights
from models.correction import Correction
from models.deadline import Anchor, Deadline, DeadlineKind, Grain, Relation
from models.document import (
    Block,
    Box,
    Cell,
    Document,
    Footnote,
    Grid,
    Page,
    PageTable,
    Paragraph,
    Piece,
    Stamp,
    Word,
)
from models.letter import Citation, Letter, LetterRelation, Miss, Recipient
from models.office import Office, OwnBody
from models.task import Confidence, Evidence, Modality, Place, Task

__all__ = [
    "Agency",
    "AgencyMention",
    "Anchor",
    "Block",
    "Box",
    "Calibration",
    "Cell",
    "Citation",
    "Concern",
    "Confidence",
    "Correction",
    "Deadline",
    "DeadlineKind",
    "Document",
    "Evidence",
    "Footnote",
    "Grain",
    "Grid",
    "Letter",
    "LetterRelation",
    "Miss",
    "Modality",
    "Office",
    "OwnBody",
    "Page",
    "PageTable",
    "Paragraph",
    "Piece",
    "Place",
    "Recipient",
    "Relation",
    "Role",
    "Stamp",
    "Task",
    "Weights",
    "Word",
]
