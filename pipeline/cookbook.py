"""The Vietnamese cookbook with the queries of the English one (`make docs`)."""

import re
from pathlib import Path

DOCS = Path(__file__).parent.parent / "docs"
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def with_queries_of(source: str, translation: str) -> str:
    """A translation with the fenced blocks of its source, in their order.

    Words are translated by hand; queries and commands are written once, in the source.

    Raises:
        ValueError: one has a block that the other has not.
    """
    blocks = FENCED.findall(source)
    parts = FENCED.split(translation)
    if len(parts) != len(blocks) + 1:
        raise ValueError(f"{len(blocks)} fenced blocks in the source, {len(parts) - 1} in the translation")
    return "".join(part + block for part, block in zip(parts, [*blocks, ""], strict=True))


def main() -> None:
    """Put the queries of docs/cookbook.md into docs/cookbook.vi.md."""
    source, translation = DOCS / "cookbook.md", DOCS / "cookbook.vi.md"
    made = with_queries_of(source.read_text("utf-8"), translation.read_text("utf-8"))
    translation.write_text(made, "utf-8")


if __name__ == "__main__":
    main()
