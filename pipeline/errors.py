"""The errors a user can act on: a small closed family, each with an exit code and a sentence.

Codes of the command line: 0 done, 2 wrong use, 3 some letters held or quarantined, 4 something is missing on
the machine, 5 the home is in use, 6 the journal is damaged, 7 the disk is full or a folder is not ours to write.
"""

import errno

from pipeline.texts import text


class GiaoviecError(Exception):
    """Base of what is said to the user; `code` names the sentence in the catalogue's table `errors`."""

    exit_code = 1

    def __init__(self, code: str, /, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values

    def __str__(self) -> str:
        return text(f"errors.{self.code}", **self.values)


class WrongUse(GiaoviecError):
    """The command's words are off, or name something that is not there."""

    exit_code = 2


class NotReady(GiaoviecError):
    """Something the work needs is missing on this machine."""

    exit_code = 4


class HomeInUse(GiaoviecError):
    """Another process owns the home and cannot take this work."""

    exit_code = 5


class JournalDamaged(GiaoviecError):
    """The journal holds a line that cannot be read, elsewhere than at its very end."""

    exit_code = 6


class NoRoom(GiaoviecError):
    """The disk is full or a folder cannot be written."""

    exit_code = 7


def os_says(error: OSError) -> str:
    """What the system says of a file or folder, in the language in force where it is one of the usual."""
    code = {
        errno.EACCES: "no_right",
        errno.EPERM: "no_right",
        errno.EROFS: "read_only",
        errno.ENOSPC: "full",
        errno.EADDRINUSE: "port_busy",
        errno.EADDRNOTAVAIL: "not_here",
        errno.ENOTDIR: "no_folder",
        errno.ENOENT: "not_there",
    }
    known = code.get(error.errno or 0)
    return text(f"system.{known}") if known else (error.strerror or type(error).__name__)
