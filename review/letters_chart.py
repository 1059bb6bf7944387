"""The dashboard's chart of letters by the month they came in: read, waiting, held, quarantined."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from nicegui import ui

from review.words import Say

FATES = ("letters_read", "letters_waiting", "held", "quarantined")
COLOURS = ("#2e7d32", "#90a4ae", "#7b1fa2", "#c62828")
_FAINT: dict[str, Any] = {"show": True, "lineStyle": {"color": "rgba(128, 128, 128, .25)"}}

# Months are Vietnam's. What failed after it was received stands among what is quarantined; a scan of several
# letters counts by its parts.
LETTERS = """
SELECT month, count(*) FILTER (fate = 'read'), count(*) FILTER (fate = 'waiting'), count(*) FILTER (fate = 'held'),
    count(*) FILTER (fate = 'quarantined')
FROM (
    SELECT strftime(received_at + INTERVAL 7 HOUR, '%Y-%m') AS month,
        CASE status WHEN 'extracted' THEN 'read' ELSE 'waiting' END AS fate
    FROM documents WHERE status NOT IN ('split', 'failed')
    UNION ALL
    SELECT strftime(max(recorded_at) + INTERVAL 7 HOUR, '%Y-%m'), arg_max(state, recorded_at)
    FROM quarantine GROUP BY drop_id
)
WHERE fate IN ('read', 'waiting', 'held', 'quarantined')
GROUP BY month ORDER BY month DESC LIMIT 12
"""
"""Rows of (month, one count for each of FATES), the last month first."""


def build(rows: Sequence[tuple[Any, ...]], say: Say, chosen: Callable[[str], Awaitable[None]]) -> None:
    """Draw the chart from rows, the first month first.

    A click on letters that were taken in says their month to `chosen`; one on the others opens their page.
    """
    options = {
        "title": {"text": say("dashboard.letters"), "textStyle": {"fontSize": 13}, "left": 8, "top": 6},
        "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}},
        "grid": {"left": 8, "right": 16, "top": 36, "bottom": 8, "containLabel": True},
        "color": list(COLOURS),
        "xAxis": {"type": "category", "data": [row[0] for row in rows], "axisLabel": {"rotate": 40}},
        "yAxis": {"type": "value", "minInterval": 1, "splitLine": _FAINT},
        "series": [
            {
                "name": say(f"dashboard.{fate}"),
                "type": "bar",
                "stack": "all",
                "barMaxWidth": 48,
                "data": [row[1 + n] for row in rows],
            }
            for n, fate in enumerate(FATES)
        ],
    }

    async def clicked(event: Any) -> None:
        if FATES[event.series_index] in ("held", "quarantined"):
            ui.navigate.to("/files")
        else:
            await chosen(event.name)

    ui.echart(options, on_point_click=clicked, renderer="svg").classes("chart letters")
