"""How a command gets its work done: by itself where it can own the home, else by handing it to the owner.

The owner (`serve`) listens on loopback and shows what goes on as lines of JSON: `{"report": kind, …}` while it
works, then `{"result": …}` or `{"error": {…}}`. The token in owner.json, which only the same user can read,
says that the caller may ask.
"""

import asyncio
import json
import logging
import queue
import secrets
import threading
import time
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from pipeline import errors
from pipeline.commands import COMMANDS, PUBLISHING, Command
from pipeline.errors import GiaoviecError, HomeInUse
from pipeline.owner import Owner, OwnerInfo, as_words, own, who
from pipeline.publish import publish
from pipeline.register import Register, open_register
from pipeline.reports import Report, silent
from pipeline.settings import Settings
from pipeline.steps import place_of

log = logging.getLogger("giaoviec")

TELL_SECONDS = 2.0
"""After how long a command says that it waits for another one, which owns the home while it works."""

WAIT_SECONDS = 60.0
"""How long it waits before it gives up and says what to do."""

_END = object()


def run(home: Path, settings: Settings, command: str, report: Report = silent, **arguments: Any) -> dict[str, Any]:
    """Run one of COMMANDS on the home, by whichever way; raises the family of pipeline.errors."""
    began, told = time.monotonic(), False
    while True:
        owner = own(home, command)
        if owner is not None:
            return _here(home, settings, owner, command, report, arguments)
        info = who(home)
        if info is not None and info.url is not None:
            try:
                return _there(info, command, report, arguments)
            except httpx.ConnectError:
                # The owner is just going: look again who has the home.
                pass
        waited = time.monotonic() - began
        if waited > TELL_SECONDS and not told:
            report("waiting", {**as_words(info), "seconds": int(WAIT_SECONDS)})
            told = True
        if waited > WAIT_SECONDS:
            raise HomeInUse("home_in_use", **as_words(info))
        time.sleep(0.2)


def _here(
    home: Path, settings: Settings, owner: Owner, command: str, report: Report, arguments: dict[str, Any]
) -> dict[str, Any]:
    with open_register(home, settings, owner) as register:
        before = register.journal.last
        try:
            result = COMMANDS[command](register, report, **arguments)
        except GiaoviecError:
            raise
        except Exception as error:
            log.error("%s: %s at %s", command, type(error).__name__, place_of(error))
            raise
        if command not in PUBLISHING and register.journal.last > before:
            publish(register)  # where no owner does: what a person says is what analysts see
        return result


def _there(info: OwnerInfo, command: str, report: Report, arguments: dict[str, Any]) -> dict[str, Any]:
    with httpx.stream(
        "POST",
        f"{info.url}/commands/{command}",
        json=arguments,
        headers={"Authorization": f"Bearer {info.token}"},
        timeout=httpx.Timeout(None, connect=5.0),
        trust_env=False,
    ) as response:
        if response.status_code != 200:
            raise HomeInUse("owner_refused", status=response.status_code, **as_words(info))
        for line in response.iter_lines():
            message = json.loads(line)
            if "report" in message:
                report(message.pop("report"), message)
            elif "error" in message:
                raise _raised(message["error"])
            else:
                result: dict[str, Any] = message["result"]
                return result
    raise HomeInUse("owner_gone", **as_words(info))


def _raised(error: dict[str, Any]) -> GiaoviecError:
    family = getattr(errors, error["kind"], GiaoviecError)
    raised: GiaoviecError = family(error["code"], **error["values"])
    return raised


def application(register: Register, token: str, flowing: Mapping[str, Command]) -> Starlette:
    """The owner's endpoint: every command of COMMANDS as POST /commands/NAME with JSON arguments.

    `flowing` are those that go through a Prefect flow here, in the place of the plain ones.
    """

    async def answer(request: Request) -> Response:
        shown = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not secrets.compare_digest(shown.encode(), token.encode()):
            return JSONResponse({"error": "forbidden"}, status_code=403)
        command = {**COMMANDS, **flowing}.get(request.path_params["command"])
        if command is None:
            return JSONResponse({"error": "unknown command"}, status_code=404)
        arguments = await request.json()
        messages: queue.SimpleQueue[Any] = queue.SimpleQueue()

        def report(kind: str, values: dict[str, object]) -> None:
            messages.put({**values, "report": kind})

        def work() -> None:
            try:
                messages.put({"result": command(register, report, **arguments)})
            except GiaoviecError as error:
                values = {k: str(v) for k, v in error.values.items()}
                messages.put({"error": {"kind": type(error).__name__, "code": error.code, "values": values}})
            except Exception as error:
                log.error("%s: %s at %s", request.path_params["command"], type(error).__name__, place_of(error))
                messages.put(
                    {"error": {"kind": "GiaoviecError", "code": "internal", "values": {"problem": repr(error)}}}
                )
            finally:
                messages.put(_END)

        threading.Thread(target=work, name=request.path_params["command"], daemon=True).start()
        return StreamingResponse(_lines(messages), media_type="application/x-ndjson")

    return Starlette(routes=[Route("/commands/{command}", answer, methods=["POST"])])


async def _lines(messages: "queue.SimpleQueue[Any]") -> AsyncIterator[str]:
    while (message := await asyncio.to_thread(messages.get)) is not _END:
        yield json.dumps(message, ensure_ascii=False, default=str) + "\n"
