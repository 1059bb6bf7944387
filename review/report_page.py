"""The report of one body and a period, laid out for paper."""

import datetime
from html import escape
from typing import Any, NamedTuple

from nicegui import ui

from pipeline.assigning import ASSIGNED_IN, REPORTED_LATER, assigning_letter
from pipeline.errors import WrongUse
from pipeline.register import today
from pipeline.store import reading
from review import words as said
from review.desk import Desk, words
from review.figures import STANDINGS, TASKS, Choice, count, records
from review.frame import page_frame
from review.words import Say

MOST_ROWS = 2000
_ALWAYS = ("not_done_late", "not_done_in_time", "done_late", "done_in_time")
"""The states offices report, said even where none stands so."""

KEYS = {"P": "dashboard.print_now", "Esc": "dashboard.back"}

_STYLE = """
.report { padding: 20px 28px; max-width: 1250px; margin: 0 auto; width: 100%; color: var(--ink); }
.report h1 { font-size: 19px; font-weight: 700; margin: 0 0 4px; line-height: 1.3; text-align: center; }
.report .letterhead { display: flex; justify-content: space-between; text-align: center; margin-bottom: 14px; }
.report .letterhead div { min-width: 34%; font-weight: 700; }
.report .letterhead .motto { text-decoration: underline; }
.report .signatures { display: flex; justify-content: space-around; text-align: center; font-weight: 700; }
.report .signatures { margin: 22px 0 70px; break-inside: avoid; break-before: avoid; }
.report .about { text-align: center; margin: 0 0 14px; }
.report .pending { margin: 10px 0 0; font-style: italic; }
.report h2 { font-size: 15px; font-weight: 700; margin: 18px 0 6px; line-height: 1.3; break-after: avoid; }
.report table { border-collapse: collapse; width: 100%; font-size: 13px; background: var(--paper); }
.report th, .report td { border: 1px solid var(--line); padding: 4px 6px; vertical-align: top; text-align: left; }
.report th { background: color-mix(in srgb, var(--chosen) 60%, transparent); }
body.body--dark .report-bar { --q-primary: #8ccbf0; }
.report .n { text-align: right; white-space: nowrap; } .report .d { white-space: nowrap; }
.report .sums { width: auto; margin: 0 auto; }
.report td:last-child, .report tr > :nth-child(3), .report tr > :nth-child(4) { min-width: 90px; }
.report .sums td { min-width: 0; }
.report tr { break-inside: avoid; } .report thead { display: table-header-group; }
@media print {
  @page { size: A4 landscape; margin: 12mm 10mm 14mm;
    @bottom-center { content: counter(page) "/" counter(pages); font: 11px "Times New Roman", serif; } }
  .q-header, .report-bar { display: none !important; }
  .page { height: auto !important; overflow: visible !important; }
  .q-page-container { padding-top: 0 !important; }
  html, body, .report, .report table { background: #fff !important; color: #000 !important; }
  .report { padding: 0; max-width: none; font-family: "Times New Roman", "Liberation Serif", serif; }
  .report th, .report td { border-color: #000; } .report th { background: #eee !important; }
}
"""


def rows_of(path: Any, choice: Choice, day: datetime.date) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """Tasks of the report, by standing and day, no more than MOST_ROWS; and how many each standing has."""
    with reading(path) as base:
        count(base, day, path)
        counts = base.execute(
            f"SELECT standing, count(*) {TASKS} GROUP BY standing", choice.values(day)
        ).fetchall()
        found = records(
            base,
            f"""SELECT text, lead, coop, due, deadline_text, standing, code_number, code_notation, issued_date,
                source_doc, document, done_on, is_report, assigned_in, assigned_on,
                coalesce(progress, reported_later, reported_progress) AS progress
            FROM (SELECT * {TASKS}) LEFT JOIN {ASSIGNED_IN} USING (task_id)
                LEFT JOIN {REPORTED_LATER} USING (task_id)
            ORDER BY list_position(?, standing), concerns_us IN ('no', 'excluded'), due IS NULL, due,
                document, ordinal
            LIMIT {MOST_ROWS:d}""",
            [*choice.values(day), None, list(STANDINGS)],
        )
        return found, dict(counts)


class Pending(NamedTuple):
    """Tasks that wait for a reviewer, and those of which a later letter says something to be confirmed."""

    unreviewed: int
    proposed: int


def pending(path: Any, choice: Choice, day: datetime.date) -> Pending:
    """How many tasks of the report wait for somebody's word."""
    with reading(path) as base:
        count(base, day, path)
        told = base.execute(
            f"""SELECT count(*) FILTER (status NOT IN ('accepted', 'approved')),
                count(*) FILTER (task_id IN (SELECT task_id FROM proposed_states))
            FROM (SELECT * {TASKS})""",
            choice.values(day),
        ).fetchall()
    return Pending(*told[0])


def report_html(
    say: Say,
    choice: Choice,
    rows: list[dict[str, Any]],
    counts: dict[str, int],
    day: datetime.date,
    office: str | None = None,
    waiting: Pending | None = None,
) -> str:
    """The report as HTML under the head of `office`. Whatever comes from a letter is escaped."""
    period = say("dashboard.no_period")
    if choice.first or choice.last:
        period = say("dashboard.period", first=said.day(choice.first) or "…", last=said.day(choice.last) or "…")
    about = [choice.agency or say("dashboard.all_agencies"), period, say("dashboard.as_of", day=said.day(day))]
    if choice.ours:
        about.insert(1, say("ours_only"))
    motto = f'{escape(say("dashboard.state_name"))}<br><span class="motto">{escape(say("dashboard.motto"))}</span>'
    parts = [f'<div class="letterhead"><div>{escape((office or "…").upper())}</div><div>{motto}</div></div>']
    parts += [f"<h1>{escape(say('dashboard.report'))}</h1>", f'<p class="about">{escape(" · ".join(about))}</p>']
    parts.append(_sums(say, counts))
    if waiting is not None and any(waiting):
        note = say("dashboard.pending", unreviewed=waiting.unreviewed, proposed=waiting.proposed)
        parts.append(f'<p class="about pending">{escape(note)}</p>')
    for standing in STANDINGS:
        of_it = [row for row in rows if row["standing"] == standing]
        if of_it:
            parts.append(
                f"<h2>{escape(say(f'dashboard.{standing}'))} ({counts[standing]})</h2>{_table(say, of_it)}"
            )
    if not rows:
        parts.append(f"<p>{escape(say('dashboard.none_in_report'))}</p>")
    if len(rows) < sum(counts.values()):
        more = say("dashboard.more_rows", shown=len(rows), count=sum(counts.values()))
        parts.append(f"<p>{escape(more)}</p>")
    signed = "".join(f"<div>{escape(say(f'dashboard.{code}'))}</div>" for code in ("made_by", "head"))
    parts.append(f'<div class="signatures">{signed}</div>')
    return "".join(parts)


def _sums(say: Say, counts: dict[str, int]) -> str:
    """How many tasks stand how, and the share done in time of those whose day has come, as far as it is known."""
    come = sum(counts.get(standing, 0) for standing in ("done_in_time", "done_late", "not_done_late"))
    of = "share_of_known" if counts.get("done_day_unknown") else "share_in_time"
    share = say("dashboard.percent", share=counts.get("done_in_time", 0) / come) if come else "–"
    shown = [standing for standing in STANDINGS if standing in _ALWAYS or counts.get(standing)]
    amounts = [*((standing, counts.get(standing, 0)) for standing in shown), ("count", sum(counts.values()))]
    lines = [(say(f"dashboard.{code}"), say("dashboard.amount", count=amount)) for code, amount in amounts]
    lines.append((say(f"dashboard.{of}"), share))
    cells = "".join(f'<tr><td>{escape(label)}</td><td class="n">{value}</td></tr>' for label, value in lines)
    return f'<table class="sums">{cells}</table>'


def _table(say: Say, rows: list[dict[str, Any]]) -> str:
    heads = ["dashboard.number_short", "column_task", "column_lead", "dashboard.coop", "dashboard.due"]
    heads += ["dashboard.letter", "dashboard.progress"]
    head = "".join(f"<th>{escape(say(code))}</th>" for code in heads)
    body = "".join(_row(say, number, row) for number, row in enumerate(rows, 1))
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _row(say: Say, number: int, row: dict[str, Any]) -> str:
    done = say("dashboard.done_on", day=said.day(row["done_on"])) if row["done_on"] else None
    progress = "; ".join(part for part in (done, row["progress"]) if part)
    cells = (
        ("n", str(number)),
        ("", row["text"]),
        ("", "; ".join(row["lead"])),
        ("", "; ".join(row["coop"])),
        ("d", said.day(row["due"]) or row["deadline_text"] or ""),
        ("", assigning_letter(row, say)),
        ("", progress),
    )
    return "<tr>" + "".join(f'<td class="{look}">{escape(words)}</td>' for look, words in cells) + "</tr>"


def _day(value: str) -> str | None:
    """A day of the address as ISO; None for nothing and for what is none."""
    try:
        return datetime.date.fromisoformat(value).isoformat()
    except ValueError:
        return None


def build(desk: Desk) -> None:
    """Register the report."""

    @ui.page("/report")
    async def report(agency: str = "", first: str = "", last: str = "", ours: str = "") -> None:
        say, choice = words(), Choice()
        choice.agency, choice.first, choice.last, choice.ours = agency or None, _day(first), _day(last), bool(ours)
        ui.add_css(_STYLE)
        keys = {
            "p": lambda: ui.run_javascript("window.print()"),
            "Escape": lambda: ui.navigate.to("/dashboard"),
        }
        with page_frame(desk, say("dashboard.report"), keys, KEYS), ui.column().classes("report no-wrap"):
            with ui.row().classes("report-bar w-full"):
                ui.button(say("dashboard.back"), icon="arrow_back").props("flat no-caps").on_click(keys["Escape"])
                ui.space()
                ui.button(say("dashboard.print_now"), icon="print").props("flat no-caps").on_click(keys["p"])
            try:
                rows, counts = await desk.ask(rows_of, desk.register.home.published, choice, today())
                waiting = await desk.ask(pending, desk.register.home.published, choice, today())
            except WrongUse:
                ui.label(say("dashboard.nothing")).classes("empty")
                return
            own = desk.register.settings.own_bodies
            made = report_html(say, choice, rows, counts, today(), own[0].name if own else None, waiting)
            ui.html(made, sanitize=False).classes("w-full")
