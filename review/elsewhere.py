"""The same task in other letters: what is said of it, and what waits to be said."""

from nicegui import ui

from pipeline import mentions
from pipeline.errors import GiaoviecError
from pipeline.mentions import Mention
from review import words as said
from review.desk import Desk, allowed, session, words
from review.frame import answered, problem


class Elsewhere:
    """Where else a task stands, or may stand, under its fields; laid out where it is made."""

    def __init__(self, desk: Desk, task_id: str, found: list[Mention]) -> None:
        self._desk = desk
        self._task = task_id
        self._mentions = found
        self._say = words()
        self._column = ui.column().classes("mentions")
        self._show()

    def _show(self) -> None:
        say, first = self._say, next((m for m in self._mentions if m.is_open), None)
        self._column.clear()
        self._column.set_visibility(bool(self._mentions))
        with self._column:
            ui.label(say("mentions_title")).classes("field-name")
            for mention in self._mentions:
                with ui.element("div").classes(f"mention is-{mention.level}"):
                    self._mention(mention, is_first=mention is first)

    def _mention(self, mention: Mention, *, is_first: bool) -> None:
        say = self._say
        with ui.row().classes("no-wrap items-center w-full"):
            ui.label(say(f"mention_{mention.level}")).classes("state")
            ui.link(mention.letter, f"/task/{mention.item.task_id}").classes("letter-link")
            ui.label(said.day(mention.issued_date)).classes("quiet")
            if mention.confidence is not None and mention.is_open:
                ui.label(said.percent(say, mention.confidence)).classes("quiet")
            ui.space()
            if mention.is_open:
                self._verdict(mention, "confirmed", "mention_yes", "Y" if is_first else "")
                self._verdict(mention, "refused", "mention_no", "W" if is_first else "")
            elif mention.judged_by:
                ui.label(say("mention_by", who=mention.judged_by)).classes("quiet")
                self._verdict(mention, "open", "mention_take_back", "")
        values = mention.item.values
        ui.label(values["text"]).classes("task-text").tooltip(values["text"])
        ui.label(f"{said.value(values['lead'])}  ·  {said.value(values['deadline'])}").classes("quiet")
        if mention.reasons:
            why = " · ".join(say(f"links.{code}") for code in mention.reasons)
            ui.label(why).classes("doubt" if mention.is_open else "quiet")

    def _verdict(self, mention: Mention, verdict: str, label: str, key: str) -> None:
        with ui.button(on_click=answered(lambda: self.judge(verdict, mention))).props(
            "flat dense no-caps size=sm"
        ):
            ui.label(self._say(label))
            if key:
                ui.label(key).classes("key")

    async def judge(self, verdict: str, mention: Mention | None = None) -> None:
        """Say whether the task is the same as one elsewhere: the one given, else the first nobody has judged."""
        mention = mention or next((m for m in self._mentions if m.is_open), None)
        if not allowed(self._desk, "review"):
            return
        if mention is None:
            ui.notify(self._say("no_mention_open"), type="info")
            return
        desk, register = self._desk, self._desk.register
        try:
            await desk.ask(mentions.judge, register, self._task, mention.item.task_id, verdict, session().name)
        except GiaoviecError as error:
            problem(error)
            return
        self._mentions = await desk.ask(mentions.mentions, register, self._task)
        self._show()
        ui.notify(self._say("saved_link"), type="positive", timeout=1500)
