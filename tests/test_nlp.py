"""The language pipeline: words laid over the text, and safe to be first called by several threads at once."""

import subprocess
import sys

from extractors import nlp


def test_several_threads_may_be_first() -> None:
    """In a process that has loaded nothing yet; half-loaded models used to be seen by the second thread."""
    code = (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from extractors import nlp\n"
        "with ThreadPoolExecutor(4) as threads:\n"
        "    docs = list(threads.map(lambda n: nlp.parse(f'Bộ Y tế rà soát {n} bệnh viện.'), range(8)))\n"
        "assert all(doc.has_annotation('TAG') for doc in docs)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-500:]


def test_words_the_tagger_changes_are_untagged_not_misplaced() -> None:
    """Zero-width and odd signs: no tags is an answer, a shifted text is not."""
    text = "r\u00e0 so\u00e1t\u200b c\u00e1c d\u1ef1 \u00e1n \u2026\u2026 \u0111\u1ea7u t\u01b0"
    assert nlp.parse(text).text.split() == text.split()
    nothing = nlp.matcher({"any": [{"TAG": "V"}]})
    assert nlp.opens("\u200b", nothing) is None
