"""The reviewers' web application: what was read, beside its evidence, for people to accept or correct.

Served by `giaoviec serve` in the owner's own process (`review.serving`). Pages are NiceGUI; what they do goes
through `pipeline.reviewing`, and so through the journal. Nothing here decides what a letter says.
"""
