"""`python -m pipeline.cli`, as the command `giaoviec`."""

from pipeline.cli import main

main()
