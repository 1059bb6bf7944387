"""The charts of the dashboard: drawn, clicked, and walked through by keys."""

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from nicegui import ui

from pipeline.register import today
from review.figures import STANDINGS
from review.words import Say

COLOURS = ("#c62828", "#1e88c7", "#8d6fb3", "#8a94a0", "#f0a030", "#a5c9a0", "#2e7d32")
LONGEST_ON_AXIS = 46
FAINT: dict[str, Any] = {"show": True, "lineStyle": {"color": "rgba(128, 128, 128, .25)"}}

Chosen = Callable[[str, str | None], Any]
"""Told what of a chart was chosen, and of which standing; None where all of a column is meant."""


def month(iso: str) -> str:
    """A month as days are written here: 08/2026; `<08/2026` for all before it, `>08/2026` for all after."""
    sign, plain = (iso[0], iso[1:]) if iso[0] in "<>" else ("", iso)
    return f"{sign}{plain[5:]}/{plain[:4]}"


def bars(
    rows: Sequence[tuple[Any, ...]],
    title: str,
    say: Say,
    chosen: Chosen,
    *,
    across: bool = False,
    kinds: Sequence[str] = STANDINGS,
    colours: Sequence[str] = COLOURS,
) -> ui.echart:
    """Stacked columns of rows (name, a count for each of `kinds`); months by their ISO name, `across` for bars."""
    rows = rows[::-1] if across else rows
    shown = [row[0] if across else month(row[0]) for row in rows]
    labels: dict[str, Any] = {"type": "category", "data": shown}
    amounts = {
        "type": "value",
        "minInterval": 1,
        "splitLine": FAINT,
        "axisLabel": {":formatter": _written(say), "hideOverlap": True},
    }
    labels["axisLabel"] = {"width": 150, "overflow": "truncate"} if across else {"rotate": 40}
    options = {
        **_titled(title),
        "tooltip": {
            "trigger": "axis",
            "axisPointer": {"type": "shadow"},
            "confine": True,
            ":valueFormatter": _written(say),
        },
        # A slanting label of the first month reaches out to the left.
        "grid": {"left": 8 if across else 20, "right": 16, "top": 36, "bottom": 8, "containLabel": True},
        "color": list(colours),
        "xAxis": amounts if across else labels,
        "yAxis": labels if across else amounts,
        "series": [
            {
                "name": say(f"dashboard.{kind}"),
                "type": "bar",
                "stack": "all",
                "barMaxWidth": 48,
                "data": [row[1 + n] for row in rows],
            }
            for n, kind in enumerate(kinds)
        ],
    }
    chart = ui.echart(
        options, on_point_click=lambda e: chosen(rows[e.data_index][0], kinds[e.series_index]), renderer="svg"
    ).classes("chart")
    places = [(0, index) for index in range(len(rows))]
    _by_keys(chart, title, places[::-1] if across else places, lambda at: chosen(rows[at[1]][0], None))
    return chart


def ring(standings: dict[str, int], title: str, say: Say, chosen: Chosen) -> ui.echart:
    """How many tasks stand how."""
    data = [{"name": say(f"dashboard.{s}"), "value": standings.get(s, 0)} for s in STANDINGS]
    options = {
        **_titled(title),
        "tooltip": {"trigger": "item", "confine": True, ":valueFormatter": _written(say)},
        "color": list(COLOURS),
        "legend": {"bottom": 4, "itemHeight": 9, "itemGap": 5, "textStyle": {"fontSize": 11}},
        "series": [
            {
                "type": "pie",
                "radius": ["32%", "54%"],
                "center": ["50%", "38%"],
                "data": data,
                "label": {"show": False},
            }
        ],
    }
    chart = ui.echart(
        options, on_point_click=lambda e: chosen(STANDINGS[e.data_index], None), renderer="svg"
    ).classes("chart")
    places = [(0, n) for n, standing in enumerate(STANDINGS) if standings.get(standing)]
    _by_keys(chart, title, places, lambda at: chosen(STANDINGS[at[1]], None))
    return chart


def timeline(tasks: Sequence[dict[str, Any]], title: str, say: Say, opened: Callable[[str], Any]) -> ui.echart:
    """From the day it was assigned to its last day, a line a task; `opened` is told the id of the one chosen."""
    labels = [f"{n}. {_cut(task['text'])}" for n, task in enumerate(tasks, 1)]
    lines = [
        {"coords": [[task["issued_date"].isoformat(), label], [task["due"].isoformat(), label]]}
        for task, label in zip(tasks, labels, strict=True)
        if task["issued_date"]
    ]
    points = {
        standing: [n for n, task in enumerate(tasks) if task["standing"] == standing] for standing in STANDINGS
    }
    series: list[dict[str, Any]] = [
        {
            "name": say(f"dashboard.{standing}"),
            "type": "scatter",
            "symbolSize": 13,
            "itemStyle": {"color": colour},
            "data": [[tasks[n]["due"].isoformat(), labels[n]] for n in points[standing]],
        }
        for standing, colour in zip(STANDINGS, COLOURS, strict=True)
    ]
    mark = {"silent": True, "symbol": "none", "lineStyle": {"color": "#1e88c7"}, "label": {"show": False}}
    series[0]["markLine"] = {**mark, "data": [{"xAxis": today().isoformat()}]}
    series.append(
        {
            "type": "lines",
            "coordinateSystem": "cartesian2d",
            "silent": True,
            "lineStyle": {"width": 3, "color": "#90a4ae", "opacity": 0.7},
            "data": lines,
        }
    )
    shown = "point => point.seriesName + '<br>' + point.value[0].split('-').reverse().join('/')"
    options = {
        **_titled(title),
        "tooltip": {"trigger": "item", "confine": True, ":formatter": shown},
        "grid": {"left": 8, "right": 24, "top": 36, "bottom": 8, "containLabel": True},
        "xAxis": {
            "type": "time",
            "position": "top",
            "boundaryGap": ["2%", "2%"],
            "splitLine": FAINT,
            "axisLabel": {"formatter": "{dd}/{MM}/{yyyy}", "hideOverlap": True},
        },
        "yAxis": {"type": "category", "data": labels, "inverse": True},
        "series": series,
    }

    def clicked(event: Any) -> Any:
        if event.series_index < len(STANDINGS):
            return opened(tasks[points[STANDINGS[event.series_index]][event.data_index]]["task_id"])
        return None

    chart = ui.echart(options, on_point_click=clicked, renderer="svg").classes("chart timeline")
    chart.style(f"height: {84 + 24 * len(tasks)}px")
    by_place = {
        (STANDINGS.index(task["standing"]), points[task["standing"]].index(n)): task["task_id"]
        for n, task in enumerate(tasks)
    }
    _by_keys(chart, title, list(by_place), lambda at: opened(by_place[at]))
    return chart


def _written(say: Say) -> str:
    """How many, as the reader's language writes it: 1.000 or 1,000."""
    return f"value => value.toLocaleString('{say('dashboard.locale')}')"


def _titled(title: str) -> dict[str, Any]:
    return {"title": {"text": title, "textStyle": {"fontSize": 13}, "left": 8, "top": 6}}


def _by_keys(
    chart: ui.echart,
    title: str,
    places: Sequence[tuple[int, int]],
    act: Callable[[tuple[int, int]], Any],
) -> None:
    """Let arrows walk through a chart's `places` (series, point), told as by the mouse, and Enter choose one."""
    chart.props(f'tabindex=0 role=group aria-label="{title}"')
    at: list[int] = []

    def step(by: int) -> None:
        if not places:
            return
        at[:] = [(at[0] + by) % len(places) if at else (0 if by > 0 else len(places) - 1)]
        series, point = places[at[0]]
        shown = {"seriesIndex": series, "dataIndex": point}
        chart.run_chart_method("dispatchAction", {"type": "downplay"})
        chart.run_chart_method("dispatchAction", {"type": "highlight", **shown})
        chart.run_chart_method("dispatchAction", {"type": "showTip", **shown})

    async def choose() -> None:
        if at:
            done = act(places[at[0]])
            if inspect.isawaitable(done):
                await done

    for key, by in (("right", 1), ("down", 1), ("left", -1), ("up", -1)):
        chart.on(f"keydown.{key}.prevent", lambda by=by: step(by), args=[])
    chart.on("keydown.enter.prevent", choose, args=[])


def _cut(words: str) -> str:
    return words if len(words) <= LONGEST_ON_AXIS else words[:LONGEST_ON_AXIS].rsplit(" ", 1)[0] + " …"
