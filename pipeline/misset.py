"""What is wrong with a setting, as a sentence: which one, where it stands, what would do."""

import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pipeline.texts import text

NO_DAY = "no day"

_NEAR = 0.6
"""How alike a name must be to be proposed for one that nobody knows."""

_KINDS = {
    "int_type": "whole_number",
    "int_parsing": "whole_number",
    "int_from_float": "whole_number",
    "float_type": "number",
    "float_parsing": "number",
    "bool_type": "yes_or_no",
    "bool_parsing": "yes_or_no",
    "string_type": "words",
    "path_type": "words",
    "list_type": "list",
    "dict_type": "table",
    "missing": "missing",
    "literal_error": "one_of",
    "greater_than": "more_than",
    "greater_than_equal": "at_least",
    "less_than": "less_than",
    "less_than_equal": "at_most",
    "value_error": "day",
}
"""Kind of an error of pydantic's → sentence of the catalogue's table `setting`."""


def problem(error: Mapping[str, Any], file: Path, prefix: str, known: Iterable[str]) -> str:
    """The sentence for one of pydantic's errors; `known` are the names that could stand in its place."""
    place = tuple(error["loc"])
    field = _named(place)
    where = _where(str(place[0]), file, prefix)
    if error["type"] == "extra_forbidden":
        return text("setting.unknown", where=where, field=field, near=_near(str(place[-1]), known))
    if place[0] == "own_bodies" and len(place) < 3:
        code = "own_bodies"
    else:
        code = _KINDS.get(error["type"], "other")
    allowed = error.get("ctx", {})
    limit = next((allowed[key] for key in ("gt", "ge", "lt", "le") if key in allowed), "")
    values = str(allowed.get("expected", "")).replace("'", '"').replace(" or ", ", ")
    said = text(f"setting.{code}", field=field, limit=limit, values=values, problem=error["msg"])
    value = "" if error["type"] == "missing" else text("setting.value", value=_short(error["input"]))
    return text("setting.wrong", where=where, field=field, value=value, said=said)


def unknown_variable(name: str, prefix: str, known: Iterable[str]) -> str:
    """The sentence for a variable of the environment that is none of the settings."""
    near = _near(name.removeprefix(prefix), [field.upper() for field in known], prefix)
    return text("setting.unknown", where=text("setting.variable"), field=name, near=near)


def no_json(error: Exception, prefix: str) -> str:
    """The sentence for a variable whose value should be JSON and is not."""
    found = re.search(r'field "(\w+)"', str(error))
    return text("setting.json", field=prefix + (found[1].upper() if found else "?"))


def line_of(error: tomllib.TOMLDecodeError, words: str) -> dict[str, Any]:
    """Number and content of the line at which a settings file cannot be understood."""
    lines = words.splitlines() or [""]
    found = re.search(r"at line (\d+)", str(error))
    number = int(found[1]) if found else len(lines)
    return {"line": number, "content": lines[min(number, len(lines)) - 1].strip()}


def _named(place: tuple[int | str, ...]) -> str:
    """`own_bodies[1].name`: counted from one, as people count."""
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in place).removeprefix(".")


def _where(field: str, file: Path, prefix: str) -> str:
    variable = prefix + field.upper()
    return f"{text('setting.variable')} {variable}" if variable in os.environ else str(file)


def _near(name: str, known: Iterable[str], prefix: str = "") -> str:
    found = get_close_matches(name, list(known), 1, _NEAR)
    return text("setting.near", name=prefix + found[0]) if found else text("setting.list_of_all")


def _short(value: Any) -> str:
    shown = f'"{value}"' if isinstance(value, str) else str(value)
    return shown if len(shown) <= 60 else shown[:60] + "…"
