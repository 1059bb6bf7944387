"""Bodies in text: mention → body (as of the letter's date, within its province) → role; what concerns us.

`find` sees running text, `read_cell` a table cell or label that holds only bodies, `roles` tells who leads and
who cooperates, `concern` whether the task is ours, `our_role` what we do in it, `known` all bodies of the
gazetteer; `aliases` are the names that an office taught. Rules: conventions 2.6 to 2.9 and the gold's
canonical names.

Within: tokens → gazetteer, names, wording (data) → words (one text) → boundaries, as_written → by_name, by_place,
members → by_form → lists → collectives → longest → stand_ins → scan → cells, concerns; who_acts reads roles.
"""

from extractors.agencies.cells import read_cell
from extractors.agencies.concerns import concern, our_role, provinces_of
from extractors.agencies.gazetteer import known
from extractors.agencies.names import COLLECTIVES, AgencyContext
from extractors.agencies.offsets import moved, within
from extractors.agencies.scan import find, scope_of
from extractors.agencies.who_acts import Roles, roles

__all__ = [
    "COLLECTIVES",
    "AgencyContext",
    "Roles",
    "concern",
    "find",
    "known",
    "moved",
    "our_role",
    "provinces_of",
    "read_cell",
    "roles",
    "scope_of",
    "within",
]
