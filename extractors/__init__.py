"""From a document as read to a letter with its tasks: pure functions, no input or output.

The order is that of the data: layout → outline → letterhead, citations → directives and tables →
agencies, deadlines → confidence. `extract` at the end of the chain composes them.
"""
