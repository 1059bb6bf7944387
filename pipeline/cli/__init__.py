"""The command `giaoviec`: what is asked, by who asks it. What each command says in help is in the catalogue."""

from pipeline.cli import administrator, analyst, clerk, developer, reviewer
from pipeline.cli.house import main

__all__ = ["administrator", "analyst", "clerk", "developer", "main", "reviewer"]
