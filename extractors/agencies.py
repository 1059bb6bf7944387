"""Bodies in text: mention → body (as of the letter's date, within its province) → role; what concerns us.

`find` sees running text, `read_cell` a table cell or label that holds only bodies, `roles` tells who leads and
who cooperates, `concern` whether the task is ours. Names are data (`extractors.gazetteer`); each of these has a
module of its own, and this one is their door. Rules: conventions 2.6 to 2.9 and the gold's canonical names.
"""

from extractors.agency_cells import read_cell
from extractors.agency_names import COLLECTIVES, AgencyContext, gazetteer
from extractors.agency_roles import Roles, roles
from extractors.agency_scan import find, scope_of
from extractors.concerns import concern

__all__ = [
    "COLLECTIVES",
    "AgencyContext",
    "Roles",
    "concern",
    "find",
    "gazetteer",
    "read_cell",
    "roles",
    "scope_of",
]
