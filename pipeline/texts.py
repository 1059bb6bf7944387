"""What the program says to people: one catalogue a language, keyed by code.

`pipeline/texts/*.vi.toml` and `*.en.toml` hold tables of `code = "sentence with {slots}"`. Vietnamese is the
default; `GIAOVIEC_LANGUAGE=en` or `language = "en"` in giaoviec.toml changes it. A test keeps both languages at
the same codes and slots.
"""

import os
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

LANGUAGES = ("vi", "en")


@cache
def catalogue(language: str) -> dict[str, str]:
    """All sentences of one language by `table.code`."""
    found: dict[str, str] = {}
    for file in sorted(resources.files("pipeline").joinpath("texts").iterdir(), key=lambda f: f.name):
        if file.name.endswith(f".{language}.toml"):
            for table, sentences in tomllib.loads(file.read_text("utf-8")).items():
                found |= {f"{table}.{code}": sentence for code, sentence in sentences.items()}
    return found


_language = "vi"


def speak(language: str) -> None:
    """Choose the language of everything said from now on; unknown ones mean Vietnamese."""
    global _language
    _language = language if language in LANGUAGES else "vi"


def language() -> str:
    """The language in force."""
    return os.environ.get("GIAOVIEC_LANGUAGE") or _language


def text(code: str, /, **values: object) -> str:
    """The sentence for `code` with its slots filled; the code itself where no sentence is known.

    Numbers stay numbers, so that a slot can say how they are written (`{share:.1%}`).
    """
    sentence = _sentence(code)
    return code if sentence is None else filled(sentence, language(), values)


def filled(sentence: str, language: str, values: Mapping[str, object]) -> str:
    """A sentence of a language with its slots filled."""

    def written(name: str, value: object) -> object:
        if isinstance(value, float):
            return value if language == "en" else _Comma(value)
        if not isinstance(value, int) or isinstance(value, bool):
            return str(value)
        return value if name in _NAMES else amount(value, language)

    return sentence.format_map({name: written(name, value) for name, value in values.items()})


def amount(number: int, language: str) -> str:
    """How many, as a language writes it: 12.345 in Vietnamese, 12,345 in English."""
    return f"{number:,}" if language == "en" else f"{number:,}".replace(",", ".")


_NAMES = frozenset(("seq", "pid", "port", "page", "line", "first", "last", "number", "offset", "limit"))
"""Slots whose numbers are names, typed and looked up as they stand, not amounts; limits of settings among them."""


class _Comma(float):
    """A number as Vietnamese texts write it: `0,5`, `99,0 %`."""

    def __format__(self, how: str) -> str:
        return super().__format__(how).replace(".", ",").replace("%", " %")


def raw(code: str, /) -> str:
    """The sentence for `code` with its slots as they stand, for somebody else to fill."""
    return _sentence(code) or code


def every(code: str, /) -> list[str]:
    """The sentence for `code` in every language: what a file written in any of them may say."""
    return [catalogue(language)[code] for language in LANGUAGES]


def _sentence(code: str) -> str | None:
    return catalogue(language() if language() in LANGUAGES else "vi").get(code)
