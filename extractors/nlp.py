"""The one spaCy pipeline: Vietnamese words and parts of speech by underthesea, matched by token patterns.

underthesea's words and tags are hints (lessons): they tell the verb `yêu cầu` from the noun in `đáp ứng yêu cầu`
and whether an item opens with a verb that no list knows. Loaded at the first use; `parse` remembers its last
results because a sentence is looked at more than once.
"""

import threading
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from extractors.tones import bare

if TYPE_CHECKING:  # importing both takes a second: only what parses pays for it
    from spacy.language import Language
    from spacy.matcher import Matcher
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

# Tagging costs about as much as reading: nothing past this many characters decides what a sentence is.
LONGEST = 400


class WordTokenizer:
    """Gives spaCy the words of underthesea (`phối hợp` is one), their part of speech as `tag_`."""

    def __init__(self, vocab: "Vocab") -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> "Doc":
        """The tokens of `text`, offsets intact; words parted by spaces where the tagger changed the text."""
        import underthesea
        from spacy.tokens import Doc

        tagged = underthesea.pos_tag(text) if text.strip() else []
        words, tags, spaces = _aligned(text, tagged)
        doc = Doc(self.vocab, words=words, spaces=spaces)
        for token, tag in zip(doc, tags, strict=True):
            token.tag_ = tag
        return doc


def _aligned(text: str, tagged: list[tuple[str, str]]) -> tuple[list[str], list[str], list[bool]]:
    """Words as they stand in `text`, their tags, and whether a space follows each."""
    words: list[str] = []
    tags: list[str] = []
    spaces: list[bool] = []
    at = 0
    for word, tag in tagged:
        end = at + len(word)
        # The tagger moves tone marks (hoá → hóa): the same letters in the same number are the same word.
        if bare(text[at:end]) != bare(word):
            return _by_spaces(text)
        words.append(text[at:end])
        tags.append(tag)
        spaces.append(text[end : end + 1] == " ")
        at = end + (1 if spaces[-1] else 0)
    return (words, tags, spaces) if at >= len(text) else _by_spaces(text)


def _by_spaces(text: str) -> tuple[list[str], list[str], list[bool]]:
    """The words between spaces, untagged."""
    words = text.split()
    return words, [""] * len(words), [True] * (len(words) - 1) + [False] if words else []


def language() -> "Language":
    """The pipeline: a blank Vietnamese language with underthesea's words, loaded whole by whoever is first."""
    # underthesea loads its models at the first call and shows them half-loaded to a second thread.
    with _loading:
        return _loaded()


@cache
def _loaded() -> "Language":
    import spacy

    pipeline = spacy.blank("vi", config={"nlp": {"tokenizer": {"use_pyvi": False}}})
    pipeline.tokenizer = WordTokenizer(pipeline.vocab)
    pipeline("Bộ Y tế báo cáo.")
    return pipeline


_loading = threading.Lock()


def matcher(patterns: Mapping[str, Sequence[dict[str, Any]]]) -> "Matcher":
    """A spaCy matcher of token patterns by name (attributes LOWER, TAG, OP … as spaCy defines them)."""
    from spacy.matcher import Matcher

    found = Matcher(language().vocab)
    for name, pattern in patterns.items():
        found.add(name, [list(pattern)])
    return found


def opens(text: str, patterns: "Matcher") -> str | None:
    """The name of a pattern that `text` opens with.

    The first letter is read small and a stop set at the end: a capital makes the tagger see a name.
    """
    if not text:
        return None
    tokens = parse(f"{text[0].lower()}{text[1:]} .")
    if not tokens.has_annotation("TAG"):
        # The tagger's words could not be laid over the text: its tags say nothing.
        return None
    names = [name for name, start, _ in patterns(tokens) if start == 0]
    return str(language().vocab.strings[names[0]]) if names else None


@lru_cache(maxsize=4096)
def parse(text: str) -> "Doc":
    """The words and tags of the first `LONGEST` characters of `text`, white space collapsed beforehand."""
    return language()(text[:LONGEST].rstrip())
