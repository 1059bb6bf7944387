"""States by the names people give them, in Vietnamese with or without diacritics, or by their codes."""

import unicodedata
from functools import cache
from typing import Any

from extractors import states
from pipeline.errors import WrongUse

_NAMES: dict[str, tuple[str, ...]] = {
    "open": ("chưa xong", "chưa hoàn thành", "đang làm", "đang thực hiện", "mở lại", "mở"),
    "done": ("xong", "đã xong", "hoàn thành", "đã hoàn thành"),
    "done_in_time": ("hoàn thành đúng hạn", "đã hoàn thành đúng hạn", "xong đúng hạn"),
    "done_late": ("hoàn thành quá hạn", "đã hoàn thành quá hạn", "xong quá hạn", "hoàn thành chậm"),
    "cancelled": ("hủy", "đã hủy", "thôi", "đã thôi", "dừng", "dừng thực hiện", "không thực hiện"),
    "superseded": ("thay thế", "được thay thế", "đã thay thế", "được thay", "đã thay"),
    "proposed": ("đề nghị", "được đề nghị", "theo đề nghị", "nhận đề nghị", "đồng ý", "đúng"),
    "refused": ("từ chối", "không nhận", "bác", "không đúng", "sai"),
}
"""What is said: a state (of what is done, nobody says when, whether in time), that the one that is proposed holds
(`proposed`), or that it does not (`refused`)."""


_VERDICTS: dict[str, tuple[str, ...]] = {
    "confirmed": ("là một", "một", "cùng một việc", "xác nhận", "đúng"),
    "refused": ("không phải", "không phải là một", "không là một", "khác nhau", "từ chối", "sai"),
    "open": ("rút lại", "mở", "mở lại"),
}


def named(words: str) -> str:
    """The code that words name: a state, `proposed` or `refused`; raises WrongUse where they name none."""
    code = words.strip().lower()
    found = code if code in _NAMES else _by_name().get(_folded(words)) or read(words)
    if found is None:
        known: dict[str, Any] = {"values": ", ".join(f"{names[0]} ({code})" for code, names in _NAMES.items())}
        raise WrongUse("bad_value", field="state", value=words, **known)
    return found


def verdict_named(words: str) -> str:
    """What words say of two tasks: `confirmed`, `refused` or `open`; raises WrongUse where they say none."""
    said = _folded(words)
    for code, names in _VERDICTS.items():
        if said == code or said in map(_folded, names):
            return code
    known: dict[str, Any] = {"values": ", ".join(f"{names[0]} ({code})" for code, names in _VERDICTS.items())}
    raise WrongUse("bad_value", field="link", value=words, **known)


def is_name(words: str) -> bool:
    """Whether words are a state's name and say nothing else (`Xong`; not `Tạm dừng`, `Hoàn thành 60%`)."""
    return _by_name().get(_folded(words).strip(" .;,")) in _STATES


_STATES = frozenset(_NAMES) - {"proposed", "refused"}


def read(words: str) -> str | None:
    """The code of the state that an office's words name; None where they speak of something else."""
    found, told = states.read(words), states.in_time(words)
    if found != "done" or told is None:
        return found
    return "done_in_time" if told else "done_late"


@cache
def _by_name() -> dict[str, str]:
    return {_folded(name): code for code, names in _NAMES.items() for name in names}


def _folded(words: str) -> str:
    """Small letters without diacritics."""
    plain = unicodedata.normalize("NFD", " ".join(words.lower().split()).replace("đ", "d"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
