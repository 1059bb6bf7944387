"""Rows of task tables → tasks: each field from its column, else from the text, the group row or the heading."""

from collections.abc import Iterator

import msgspec

from extractors import (
    agencies,
    citations,
    confidence,
    deadlines,
    finish,
    marks,
    part_labels,
    places,
    scopes,
    states,
    tables,
)
from extractors.scopes import Context, Scope
from extractors.tables import Columns, Meaning, Row
from models import AgencyMention, Cell, Deadline, Evidence, Grid, Place, Task
from models.deadline import NO_DEADLINE
from models.task import PlaceField

# Longer cells hold sentences, not a deadline or bodies.
LONGEST_DEADLINE, LONGEST_BODIES = 60, 200
CERTAIN_TABLE = 0.6

Bodies = tuple[AgencyMention, ...]


class RowReader:
    """Reads the tables of one letter in order; remembers the columns of the last, which the next may continue."""

    def __init__(self, given: Context) -> None:
        self.given = given
        self.columns: Columns | None = None

    def tasks(self, block: int, grid: Grid, above: Scope, section: tuple[str, ...]) -> Iterator[Task]:
        """The tasks of a table's rows; none where it holds no tasks."""
        grid = part_labels.upright(grid)
        found = tables.columns(grid, self.kind, self.columns)
        self.columns = found
        if found is None:
            return
        if above.stance == "background" and found.of("lead", "lead_and_coop", "deadline") is None:
            return  # figures and aims under their heading
        rows = tables.rows(grid, found)
        month_first = deadlines.month_first_column(
            [cell.text for row in rows if (cell := row.of(found, "deadline"))]
        )
        last = NO_DEADLINE
        leads: Bodies = ()
        for row in rows:
            reading = _RowReading(self.given, block, found, row, above, month_first, last, leads)
            last, leads = reading.deadline, reading.leads
            yield reading.task(grid.certainty, section)

    def kind(self, text: str) -> str | None:
        """Whether a cell holds a deadline or bodies, for tables without a header."""
        if len(text) < LONGEST_DEADLINE and deadlines.read_cell(text, self.given.deadlines).kind != "none":
            return "deadline"
        if len(text) < LONGEST_BODIES and (found := agencies.read_cell(text, self.given.agencies)):
            return "lead" if all(body.via != "as_written" for body in found) else None
        return None


class _RowReading:
    """One row being read: its bodies and deadline, with the codes of how they were found and their places."""

    def __init__(
        self,
        given: Context,
        block: int,
        found: Columns,
        row: Row,
        above: Scope,
        month_first: bool,
        last: Deadline,
        last_leads: Bodies = (),
    ) -> None:
        self.given, self.block, self.found, self.row, self.above = given, block, found, row, above
        self.last_leads = last_leads
        self.places: list[Place] = []
        cell = row.of(found, "task")
        assert cell is not None, "tables.rows gives rows with a task cell only"
        self.cell = cell
        self.roles = agencies.roles(cell.text, agencies.find(cell.text, given.agencies))
        self._place("text", cell)
        group_leads, group_deadline = self._groups()
        self.leads, self.coops, self.lead_codes = self._bodies(group_leads)
        self.deadline, self.deadline_codes = self._deadline(month_first, last, group_deadline)

    def task(self, certainty: float, section: tuple[str, ...]) -> Task:
        """The row's task; `certainty` is the table's."""
        words = confidence.of_words(places.cell_pieces(self.cell))
        text_codes = ["table_row", *words]
        if self.found.certainty == "content":
            text_codes.append("columns_by_content")
        if certainty < CERTAIN_TABLE:
            text_codes.append("table_uncertain")
        source, result = self.row.of(self.found, "source"), self.row.of(self.found, "result")
        for field, cell in (("source_doc", source), ("result", result)):
            if cell is not None and cell.text:
                self._place("source_doc" if field == "source_doc" else "result", cell)
        return finish.finished(
            text=self.cell.text,
            leads=self.leads,
            coops=self.coops,
            deadline=self.deadline,
            source=self._source(source),
            result=_as_written(result) if result is not None else None,
            modality=self.above.modality or "assigned",
            section=section + tuple(group.text for group in self.row.groups),
            rules=("table_row", self.found.certainty),
            evidence=Evidence(tuple(text_codes), (*self.lead_codes, *words), (*self.deadline_codes, *words)),
            places=tuple(self.places),
            given=self.given,
            assigned_by=self.above.assigned_by,
            progress=self._progress(),
        )

    def _source(self, cell: Cell | None) -> str | None:
        """The letter that assigned the task, as its columns say (number, day); where none does, as its text."""
        if cell is None:
            return citations.source_document(self.cell.text)
        day = self.row.of(self.found, "source_day")
        if not cell.text or day is None or not day.text or "ngày" in cell.text.casefold():
            return cell.text or None
        return f"{cell.text} ngày {day.text.casefold().removeprefix('ngày').strip()}"

    def _progress(self) -> str | None:
        """What the table says of how far the task is, with the day when it was done where a column tells it."""
        return states.said(self.row, self.found, told_by=self.given.deadlines.issued)

    def _place(self, field: PlaceField, cell: Cell, start: int = 0, end: int | None = None) -> None:
        self.places += places.in_cell(field, self.block, cell, start, len(cell.text) if end is None else end)

    def _bodies(self, group_leads: Bodies) -> tuple[Bodies, Bodies, tuple[str, ...]]:
        """Leads and cooperating bodies: the columns', else the group's, else the text's, else handed down."""
        named = [*self._of_column("lead"), *self._of_column("coop")]
        leads = tuple(body for body in named if body.role == "lead")
        coops = tuple(body for body in named if body.role == "coop") or self.roles.coops
        codes: tuple[str, ...]
        if leads:
            codes = ("column", *finish.body_doubts(leads)[-1:]) if len(leads) == 1 else ("column",)
        elif group_leads:
            leads, codes = group_leads, ("label",)
        else:
            leads, handed, codes = finish.bodies(self.roles, self.above, self.given)
            coops = coops or handed
        return leads, finish.without(coops, leads), codes

    def _of_column(self, role: str) -> Iterator[AgencyMention]:
        """The bodies of the column of leads (which may name cooperating ones too) or of cooperating bodies."""
        wanted: tuple[Meaning, ...] = ("lead", "lead_and_coop", "laggards") if role == "lead" else ("coop",)
        for cell in self.row.all_of(self.found, *wanted):
            yield from self._of_cell(cell, role)

    def _of_cell(self, cell: Cell, role: str) -> Iterator[AgencyMention]:
        # What says `-nt-`, or is the task's own cell running over the column, says what the row above did.
        spanned = cell is self.cell
        same = spanned or deadlines.read_cell(cell.text, self.given.deadlines).reason == "same_as_above"
        if role == "lead" and self.last_leads and same:
            yield from (msgspec.structs.replace(body, start=None, end=None) for body in self.last_leads)
            return
        if spanned:
            return
        for body in agencies.read_cell(cell.text, self.given.agencies):
            if role == "coop":
                body = msgspec.structs.replace(body, role="coop")
            if body.start is not None and body.end is not None:
                self._place(body.role, cell, body.start, body.end)
            yield msgspec.structs.replace(body, via="column") if body.via == "alias" else body

    def _groups(self) -> tuple[Bodies, Deadline]:
        """What the group rows over the row say: bodies where they hold nothing else, and a deadline."""
        leads: Bodies = ()
        deadline = NO_DEADLINE
        for group in self.row.groups:
            mentions = agencies.find(group.text, self.given.agencies)
            if scopes.names_bodies(group.text, mentions):
                leads = scopes.labelled(Scope(), group.text, mentions).leads
            deadline = deadlines.heading_deadline(group.text, self.given.deadlines) or deadline
        return leads, deadline

    def _deadline(self, month_first: bool, last: Deadline, group: Deadline) -> tuple[Deadline, tuple[str, ...]]:
        """The deadline: the column's, else the text's, else the group's or heading's; and how it was found."""
        for column in ("deadline", "other_deadline"):
            cell = self.row.of(self.found, column)
            if cell is None or not cell.text:
                continue
            stated = deadlines.read_cell(cell.text, self.given.deadlines, month_first)
            if stated.reason == "same_as_above":
                stated = last
            if stated.kind != "none":
                self._place("deadline", cell)
                return stated, ("column", *self._rivals(), *finish.deadline_doubts(stated))
        marked = self._marked_period()
        if marked is not None:
            return marked, ("column", *finish.deadline_doubts(marked))
        in_text = deadlines.find(self.cell.text, self.given.deadlines)
        if in_text:
            stated = deadlines.choose(in_text)
            if stated.start is not None and stated.end is not None:
                self._place("deadline", self.cell, stated.start, stated.end)
            return stated, finish.deadline_codes(stated, in_text)
        handed = group if group.kind != "none" else self.above.deadline
        if handed.kind != "none":
            return finish.inherited(handed), ("inherited",)
        return NO_DEADLINE, ("no_deadline",)

    def _marked_period(self) -> Deadline | None:
        """The deadline of a row that marks its months or quarters: the last of them; where all are, each."""
        periods = [column for column, known in enumerate(self.found.meanings) if known == "period_mark"]
        marked = [
            (column, cell)
            for column in periods
            if (cell := self.row.cells[column]) is not None and marks.is_mark(cell.text)
        ]
        if not marked:
            return None
        column, cell = marked[-1]
        self._place("deadline", cell)
        every = {12: "hằng tháng", 4: "hằng quý"}.get(len(periods)) if len(marked) == len(periods) else None
        return deadlines.read_cell(every or self.found.names[column], self.given.deadlines)

    def _rivals(self) -> tuple[str, ...]:
        """The codes of a row that has a deadline in each of two columns."""
        columns = (self.row.of(self.found, "deadline"), self.row.of(self.found, "other_deadline"))
        return ("second_column",) if all(cell and cell.text for cell in columns) else ()


def _as_written(cell: Cell) -> str | None:
    """A cell's text with the numbers its paragraphs bear, which are the result's own (`(1) … (2) …`)."""
    parts = (f"{p.marker} {p.text}" if p.marker else p.text for p in cell.paragraphs if p.text)
    return " ".join(parts) or None
