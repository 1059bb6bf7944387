"""A choice among many names, found by any of their words with diacritics or without."""

from nicegui import ui


class Choice(ui.select, component="choice.js"):
    """One of many names, found by any of their words."""
