"""The one door to DuckDB: the working database, loaded from the journal, and reading of the published copy.

The working database holds nothing the journal does not: `catch_up` applies whatever events it has not seen,
in one transaction with the number of the last one, so a crash anywhere leaves a database that is whole and at
most behind. Rebuilding is catching up from nothing.
"""

import contextlib
import hashlib
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import duckdb

from models.agency import Agency
from pipeline.errors import WrongUse
from pipeline.failpoints import failpoint
from pipeline.journal import Event, Journal, encode

MEMORY_LIMIT = "1GB"
"""What DuckDB may use; the rest of the process, and what DuckDB does not count, come on top of it."""

ROW_GROUP_SIZE = 8192
"""Rows that are written as one. After each letter CHECKPOINT writes the last such group of its tables anew: with
DuckDB's own 122,880 rows that took longer than all else of publishing."""

DEFAULT_OBJECT_BYTES = 16 * 2**20

LOOKED_UP = 1000
"""Keys of a join up to which DuckDB looks them up one by one in an index, where it has one: with its own 50 the
some hundred keys of a letter's tasks went through the whole of `link_keys_held`."""

_QUIET: dict[str, str | bool | int | float | list[str]] = {
    # Offices are cut off from the internet: nothing is fetched, nothing is asked for.
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}

_opening = threading.Lock()


@cache
def _sql(name: str) -> str:
    return resources.files("pipeline").joinpath(name).read_text("utf-8")


_COMMENT = re.compile(r"(COMMENT ON [^';]+ IS\s+)'((?:[^']|'')*)'")


def schema(meanings: Mapping[str, str] = MappingProxyType({})) -> str:
    """The SQL that makes tables, macros and views in an empty database, its comments said by `meanings`."""

    def said(found: re.Match[str]) -> str:
        comment = found[2].replace("''", "'")
        quoted = meanings.get(comment, comment).replace("'", "''")
        return f"{found[1]}'{quoted}'"

    sql = _sql("schema.sql") + _sql("views.sql")
    return _COMMENT.sub(said, sql) if meanings else sql


@cache
def schema_version() -> str:
    """What a database must have been made by to be current: the same SQL, and the DuckDB whose hashes it keeps."""
    return f"{hashlib.sha256((schema() + _sql('load.sql')).encode()).hexdigest()[:16]} {duckdb.__version__}"


class Part(NamedTuple):
    """A part of load.sql."""

    kinds: frozenset[str]
    """The kinds of events it is for."""
    needs: str
    """A table that must have rows for it; empty: none."""
    sql: str


@cache
def load_parts() -> tuple[str, list[Part]]:
    """What load.sql does with all events, and its parts, in order."""
    staging, *parts = _sql("load.sql").split("\n-- @ ")
    found = []
    for part in parts:
        head, _, sql = part.partition("\n")
        kinds, _, needs = head.partition(" where ")
        found.append(Part(frozenset(kind.strip() for kind in kinds.split(",")), needs.strip(), sql))
    return staging, found


class Store:
    """The working database at `path`, open for writing by this process alone.

    All use goes through `gate`, a lock that threads share: DuckDB's CHECKPOINT wants no other transaction
    open. Never open the file itself by ordinary file functions in this process: closing it would release
    DuckDB's own lock. `own_provinces`: those whose bodies need no province behind their names to be told apart;
    `own_bodies`: us, whose units need no name of ours. `meanings`: what its comments say in another language.
    """

    def __init__(
        self,
        path: Path,
        temporary: Path,
        agencies: Sequence[Agency] = (),
        own_provinces: Sequence[str] = (),
        own_bodies: Sequence[str] = (),
        meanings: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.path = path
        self.temporary = temporary
        self.gate = threading.RLock()
        self._agencies = agencies
        self.own_provinces = list(own_provinces)
        self._own_bodies = list(own_bodies)
        self._meanings = meanings
        self._connection = self._open()

    def _open(self) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect(
            config={**_QUIET, "memory_limit": MEMORY_LIMIT, "temp_directory": str(self.temporary / "duckdb")}
        )
        path = str(self.path).replace("'", "''")
        connection.execute(f"ATTACH '{path}' AS register (ROW_GROUP_SIZE {ROW_GROUP_SIZE})")
        connection.execute("USE register")
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET enable_progress_bar = false")
        connection.execute(f"SET dynamic_or_filter_threshold = {LOOKED_UP}")
        tables = connection.execute("SELECT count(*) FROM duckdb_tables() WHERE NOT temporary").fetchone()
        if tables == (0,):
            connection.execute("BEGIN")
            connection.execute(schema(self._meanings))
            _explain_views(connection)
            connection.execute("INSERT INTO meta VALUES ('schema', ?), ('applied', '0')", [self._version])
            _load_agencies(connection, self._agencies)
            connection.execute("COMMIT")
        return connection

    @property
    def _version(self) -> str:
        said = (
            [hashlib.sha256(repr(sorted(self._meanings.items())).encode()).hexdigest()[:16]]
            if self._meanings
            else []
        )
        return " ".join([schema_version(), *said, *self.own_provinces, *self._own_bodies])

    @property
    def is_current(self) -> bool:
        """Whether the file has the present schema; if not, it is to be rebuilt."""
        return bool(self.value("SELECT value FROM meta WHERE key = 'schema'") == self._version)

    @property
    def applied(self) -> int:
        """The sequence number of the last event in the database."""
        return int(self.value("SELECT value FROM meta WHERE key = 'applied'"))

    def rows(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query; parameters in order, or by name."""
        given = parameters if isinstance(parameters, dict) else list(parameters)
        with self.gate:
            return self._connection.execute(sql, given).fetchall()

    def records(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[dict[str, Any]]:
        """All rows of a query as dictionaries by column name; parameters in order, or by name."""
        given = parameters if isinstance(parameters, dict) else list(parameters)
        with self.gate:
            cursor = self._connection.execute(sql, given)
            names = [column[0] for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def value(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        """The first value of the first row, None where there is no row."""
        found = self.rows(sql, parameters)
        return found[0][0] if found else None

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        """Run a statement that yields nothing (bookkeeping of runs, publication)."""
        with self.gate:
            self._connection.execute(sql, list(parameters))

    def load(self, lines: Iterable[bytes]) -> None:
        """Apply journal lines that follow `applied`, all or none."""
        with self.gate:
            part = self.temporary / "incoming.jsonl"
            with part.open("wb") as file:
                file.writelines(lines)
            self._apply([part])
            part.unlink()

    def apply(self, event: Event) -> None:
        """Apply one event just written."""
        self.load([encode(event)])

    def catch_up(self, journal: Journal, on_segment: Callable[[int, int], None] | None = None) -> None:
        """Apply every event of the journal after `applied`, a segment at a time; checks each line's checksum."""
        with self.gate:
            if self.applied >= journal.last:
                return
            segments = journal.segments_after(self.applied)
            for number, segment in enumerate(segments, 1):
                if journal.is_present(segment):
                    self._apply([segment])
                else:
                    self.load(journal.lines_of(segment))
                if on_segment:
                    on_segment(number, len(segments))

    def _apply(self, files: list[Path]) -> None:
        """One transaction: stage the events of `files` after `applied`, run load.sql, note the last."""
        failpoint("before_load")
        # DuckDB sets aside buffers of this size: the default, unless an event is larger.
        longest = max([DEFAULT_OBJECT_BYTES, *(len(line) + 1 for f in files for line in f.open("rb"))])
        with self.gate:
            connection = self._connection
            connection.execute("BEGIN")
            try:
                connection.execute("SET VARIABLE files = ?", [[str(f) for f in files]])
                connection.execute("SET VARIABLE longest = ?", [longest])
                connection.execute("SET VARIABLE own_provinces = ?::VARCHAR[]", [self.own_provinces])
                connection.execute("SET VARIABLE own_bodies = ?::VARCHAR[]", [self._own_bodies])
                self._run_load(connection)
                failpoint("inside_load")
                connection.execute(
                    """UPDATE meta SET value = (SELECT max(seq) FROM incoming)::VARCHAR
                    WHERE key = 'applied' AND (SELECT count(*) FROM incoming) > 0"""
                )
                connection.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(duckdb.Error):
                    connection.execute("ROLLBACK")
                raise
        failpoint("after_load")

    def _run_load(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Run the parts of load.sql that the events at hand call for: all together cost more than most events."""
        staging, parts = load_parts()
        connection.execute(staging)
        here = {kind for (kind,) in connection.execute("SELECT DISTINCT kind FROM incoming").fetchall()}
        for part in parts:
            if part.kinds & here and (
                not part.needs or connection.execute(f"FROM {part.needs} LIMIT 1").fetchone() is not None
            ):
                connection.execute(part.sql)

    def checkpoint(self) -> None:
        """Bring the write-ahead log into the file, so that the file alone is the database."""
        with self.gate:
            self._connection.execute("CHECKPOINT")

    def start_over(self) -> None:
        """Throw the database away and begin an empty one with the present schema."""
        with self.gate:
            self._connection.close()
            for file in (self.path, self.path.with_name(self.path.name + ".wal")):
                file.unlink(missing_ok=True)
            self._connection = self._open()

    def close(self) -> None:
        """Close the database."""
        with self.gate:
            self._connection.close()


def _explain_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Give columns of views that have no comment that of the table's column of the same name."""
    known: dict[str, str] = {}
    # A name means the same in every table; what a task's column says goes before what others say.
    for name, comment in connection.execute(
        """SELECT column_name, comment FROM duckdb_columns() WHERE NOT internal AND comment IS NOT NULL
        ORDER BY table_name NOT IN ('tasks', 'current_tasks'), table_name NOT IN ('letters', 'documents'),
            table_name"""
    ).fetchall():
        known.setdefault(name, comment)
    for view, column in connection.execute(
        """SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND comment IS NULL
            AND table_name IN (SELECT view_name FROM duckdb_views() WHERE NOT internal)"""
    ).fetchall():
        if column in known:
            words = known[column].replace("'", "''")
            connection.execute(f"""COMMENT ON COLUMN "{view}"."{column}" IS '{words}'""")


def _load_agencies(connection: duckdb.DuckDBPyConnection, agencies: Sequence[Agency]) -> None:
    if agencies:
        connection.executemany(
            "INSERT INTO agencies VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                [a.name, a.scope, a.kind, a.valid_from, a.valid_to, list(a.symbols), list(a.aliases), a.parent]
                + [list(a.successors)]
                for a in agencies
            ],
        )


@contextlib.contextmanager
def reading(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published copy, read-only and shut off from files and network.

    Raises WrongUse where there is none, or none that can be read.
    """
    if not path.exists():
        raise WrongUse("not_published", path=path)
    with _opening:
        try:
            connection = duckdb.connect(str(path), read_only=True, config=_QUIET)
        except duckdb.IOException as error:
            raise WrongUse("published_unreadable", path=path) from error
        # Connections of one process to one file share what is set: the first one has locked it.
        if connection.execute("SELECT current_setting('lock_configuration')").fetchone() != (True,):
            connection.execute("SET GLOBAL TimeZone = 'Asia/Ho_Chi_Minh'")
            connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")
    try:
        yield connection
    finally:
        connection.close()


def dump(rows: Callable[[str], list[tuple[Any, ...]]]) -> dict[str, list[tuple[Any, ...]]]:
    """Every table but `runs` and what meta says of publication, in order: what equal databases have equal."""
    names = [n for (n,) in rows("SELECT table_name FROM duckdb_tables() WHERE NOT temporary ORDER BY table_name")]
    found = {n: rows(f'SELECT * FROM "{n}" ORDER BY ALL') for n in names if n not in ("runs", "meta")}
    found["meta"] = rows("SELECT * FROM meta WHERE key <> 'published_at' ORDER BY ALL")
    return found
