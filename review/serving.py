"""The review page as a server inside the owner's event loop."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from nicegui import app as pages
from nicegui import ui
from nicegui.translations import translations
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from pipeline import users
from pipeline.errors import NoRoom, WrongUse, os_says
from pipeline.reading.errors import ReadingError
from pipeline.register import Register
from review import dashboard, exporting, files_page, import_page, letter_page, queue_page, record_page, report_page
from review.access import Access, Door, is_loopback
from review.desk import Desk
from review.pictures import WIDTHS
from review.words import speaker

RECONNECT_SECONDS = 60.0
"""A laptop that slept so long finds its page as it left it."""

_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">'
    '<rect width="16" height="16" rx="3" fill="#12486a"/>'
    '<path d="M4 8.5 7 11.5 12 5" fill="none" stroke="#fff" stroke-width="2"/></svg>'
)


def check(register: Register, host: str) -> None:
    """Refuse to serve beyond this machine before there are users. Raises WrongUse."""
    if not is_loopback(host) and not users.load(register.home.path):
        raise WrongUse("users_wanted", host=host)


@contextlib.asynccontextmanager
async def serving(register: Register, host: str, port: int) -> AsyncIterator[str]:
    """Serve the review page for the time of the block; yields its address.

    Raises WrongUse where `host` is not this machine alone and there are no users, NoRoom where the port is taken.
    """
    check(register, host)
    listener = _listen(host, port)
    port = listener.getsockname()[1]
    settings = register.settings
    secure = settings.certificate is not None
    door = Door(register.home.path, host, port, secure=secure, language=settings.language)
    desk = Desk(register, door)
    server = uvicorn.Server(
        uvicorn.Config(
            Access(_application(desk), door),
            log_level="error",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            lifespan="on",
            ws_max_size=2**20,
            timeout_graceful_shutdown=3,
            ssl_certfile=settings.certificate,
            ssl_keyfile=settings.certificate_key,
        )
    )
    # The stop signals are the owner's.
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign, assignment]
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        while not (server.started or running.done()):
            await asyncio.sleep(0.02)
        yield f"{'https' if secure else 'http'}://{_shown(host)}:{port}/"
    finally:
        server.should_exit = True
        await running
        desk.close()
        listener.close()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise NoRoom("port_taken", host=host, port=port, problem=os_says(error)) from error
    return listener


def _shown(host: str) -> str:
    return {"0.0.0.0": socket.gethostname(), "::": socket.gethostname()}.get(
        host, f"[{host}]" if ":" in host else host
    )


def _application(desk: Desk) -> FastAPI:
    """The pages, their pictures and their style, as one application."""
    application = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    style, script = (Path(__file__).with_name(name).read_text("utf-8") for name in ("style.css", "page.js"))

    @application.get("/favicon.ico")
    async def icon() -> Response:
        return Response(_ICON, media_type="image/svg+xml", headers={"cache-control": "max-age=86400"})

    @application.get("/style.css")
    async def style_sheet() -> Response:
        return Response(style, media_type="text/css", headers={"cache-control": "no-cache"})

    @application.get("/page.js")
    async def script_file() -> Response:
        return Response(script, media_type="text/javascript", headers={"cache-control": "no-cache"})

    @application.get("/picture/{document}/{page}/{width}.jpg")
    async def picture(request: Request, document: str, page: int, width: int) -> Response:
        return await _picture(desk, document, page, width)

    exporting.serve(application, desk)
    say = speaker("vi")
    translations["vi"] = {code: say(code) for code in translations["en-US"]}
    for module in (queue_page, record_page, letter_page, files_page, import_page, dashboard, report_page):
        module.build(desk)
    ui.run_with(
        application,
        title="giaoviec",
        favicon="/favicon.ico",
        dark=None,
        language="vi",
        reconnect_timeout=RECONNECT_SECONDS,
        show_welcome_message=False,
        binding_refresh_interval=None,
    )
    pages.on_exception(lambda error: _log(error))
    return application


async def _picture(desk: Desk, document: str, page: int, width: int) -> Response:
    row = await desk.rows(
        """SELECT d.media_type, d.reading FROM documents d JOIN pages p USING (document_sha256)
        WHERE document_sha256 = ? AND p.page = ?""",
        [document, page],
    )
    if not row or width not in WIDTHS:
        return PlainTextResponse("Not found", 404)
    try:
        blob = desk.register.journal.blob(document)
        turn = await desk.turn(row[0]["reading"], page)
        data = await desk.pictures.page(blob, row[0]["media_type"], page, width, turn)
    except (ReadingError, TimeoutError, OSError):
        return PlainTextResponse("Not drawn", 422)
    return Response(data, media_type="image/jpeg", headers={"cache-control": "private, max-age=3600"})


def _log(error: Exception) -> None:
    """Note an error of a page by its kind alone: its words may quote a letter."""
    from pipeline.register import log

    frames = error.__traceback__
    while frames is not None and frames.tb_next is not None:
        frames = frames.tb_next
    place = f"{frames.tb_frame.f_code.co_filename}:{frames.tb_lineno}" if frames else "?"
    log.error("review page: %s at %s", type(error).__name__, place)
