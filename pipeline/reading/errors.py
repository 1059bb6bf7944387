"""Why a file cannot be read: a small closed family. What a clerk is told stands in `pipeline/texts/reading.*`."""


class ReadingError(Exception):
    """A file that cannot be read, or not now. `code` names the sentence, `values` fill its slots.

    `detail` is for the log, never for the clerk. `transient` says that trying again may help (a file still
    being copied, an engine to be installed).
    """

    code = "unreadable"
    transient = False

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}" if self.detail else self.code

    @property
    def values(self) -> dict[str, str]:
        """What the sentence names."""
        return {"detail": self.detail}


class EmptyFile(ReadingError):
    """No bytes, or not yet."""

    code = "empty"
    transient = True


class TruncatedFile(ReadingError):
    """The end of the file is missing."""

    code = "truncated"
    transient = True


class PasswordProtected(ReadingError):
    """Opening needs a user password; files with an owner password only are read."""

    code = "password"


class NoPages(ReadingError):
    """A document without a page."""

    code = "no_pages"


class UnsupportedType(ReadingError):
    """A known kind of file that is not read."""

    code = "unsupported_type"


class NotADocument(ReadingError):
    """Bytes that are no document of any kind."""

    code = "not_a_document"


class TooLarge(ReadingError):
    """More bytes, pages, pixels or unpacked data than the limits allow."""

    code = "too_large"


class ArchiveTooLarge(ReadingError):
    """An archive of too many files, or that unpacks to too much."""

    code = "archive_too_large"


class ArchiveUnsafe(ReadingError):
    """An archive made to do harm: links, names that leave it, entries laid over each other."""

    code = "archive_unsafe"


class ArchiveNested(ReadingError):
    """An archive within an archive."""

    code = "archive_nested"


class ArchiveEmpty(ReadingError):
    """An archive without a file."""

    code = "archive_empty"


class ConverterMissing(ReadingError):
    """A file that is read through LibreOffice, which is not installed, or not the part that reads it."""

    code = "converter_missing"


class OwnExport(ReadingError):
    """A workbook that was exported here: no letter."""

    code = "own_export"


class TooSlow(ReadingError):
    """A file that takes longer than it may."""

    code = "timeout"


class Unreadable(ReadingError):
    """Damaged beyond what the libraries can read."""


class MissingLanguage(ReadingError):
    """Tesseract is there, Vietnamese is not."""

    code = "missing_language"
    transient = True


class EngineMissing(ReadingError):
    """Tesseract is not there."""

    code = "engine_missing"
    transient = True


class ReadersFailed(ReadingError):
    """The processes that read do not start, or all ended at once: no file's fault."""

    code = "readers_failed"
    transient = True


PASSING = frozenset({MissingLanguage.code, EngineMissing.code, ReadersFailed.code})
"""Codes that say nothing of the file: it is tried again for as long as they last."""
