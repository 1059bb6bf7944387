"""Who may come in: Host and Origin of every request, sessions, the login, and the headers of every answer.

Served on loopback, no password is asked, only a name, so that records say who. Served anywhere else, users log in
(`pipeline.users`). Everything that changes something goes over a web socket or a POST, both of which must come
from a page of ours: browsers name the page's origin, and it has to be the host asked for. The session cookie is
HttpOnly and SameSite=Strict; the login form carries a token of its own besides.
"""

import asyncio
import dataclasses
import html
import ipaddress
import secrets
import time
from collections import defaultdict, deque
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline import users
from pipeline.users import RIGHTS, Right, Role
from review.words import speaker

SESSION_COOKIE = "giaoviec_session"
NAME_COOKIE = "giaoviec_name"
FORM_COOKIE = "giaoviec_form"
SESSION_SECONDS = 12 * 3600.0
"""A working day: after it, or after serve was started again, one logs in once more."""

MOST_FAILURES = 5
FAILURE_SECONDS = 300.0
"""So many wrong passwords in so long for one name or from one address, and the next try has to wait."""

MOST_FORM_BYTES = 8192

POLICY = "; ".join(
    (
        "default-src 'self'",
        # NiceGUI's front end builds its components in the browser and needs both.
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Not no-referrer: with it browsers name no origin on forms either.
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
PUBLIC = ("/login", "/style.css", "/favicon.ico")


@dataclasses.dataclass
class Session:
    """One browser of one person. `language` and `dark` (None: as the browser says) are that person's choice."""

    token: str
    name: str
    role: Role
    language: str = "vi"
    dark: bool | None = None
    used: float = dataclasses.field(default_factory=time.monotonic)
    form: str = dataclasses.field(default_factory=lambda: secrets.token_urlsafe(24))


def is_loopback(host: str) -> bool:
    """Whether an address or name to listen on is this machine's own and reached by nobody else."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Door:
    """Sessions and the login of one server. `home` is where the users stand."""

    def __init__(self, home: Path, host: str, port: int, *, secure: bool = False, language: str = "vi") -> None:
        self.home = home
        self.is_open = is_loopback(host)
        self.port = port
        self.secure = secure
        self.language = language
        self._sessions: dict[str, Session] = {}
        self._failures: dict[str, deque[float]] = defaultdict(deque)

    # Sessions

    def session(self, token: str | None) -> Session | None:
        """The session of a cookie, while it lasts and its user is still there."""
        found = self._sessions.get(token or "")
        if found is None:
            return None
        if time.monotonic() - found.used > SESSION_SECONDS or not self._is_known(found):
            self.end(found)
            return None
        found.used = time.monotonic()
        return found

    def begin(self, name: str, role: Role, language: str | None = None) -> Session:
        """A new session."""
        session = Session(secrets.token_urlsafe(32), name, role, language or self.language)
        self._sessions[session.token] = session
        return session

    def end(self, session: Session) -> None:
        """End a session: its cookie is worth nothing from now on."""
        self._sessions.pop(session.token, None)

    def may(self, session: Session, right: Right) -> bool:
        """Whether a session may do this, still."""
        return self.session(session.token) is not None and right in RIGHTS[session.role]

    def _is_known(self, session: Session) -> bool:
        if self.is_open:
            return True
        user = users.load(self.home).get(session.name)
        return user is not None and user.role == session.role

    # Failures

    def must_wait(self, *keys: str) -> float:
        """Seconds before somebody of this name or address may try again; 0 for now."""
        clock = time.monotonic()
        longest = 0.0
        for key in keys:
            tries = self._failures[key]
            while tries and clock - tries[0] > FAILURE_SECONDS:
                tries.popleft()
            if not tries:
                del self._failures[key]
            elif len(tries) >= MOST_FAILURES:
                longest = max(longest, FAILURE_SECONDS - (clock - tries[0]))
        return longest

    def failed(self, *keys: str) -> None:
        """Note a wrong password."""
        for key in keys:
            self._failures[key].append(time.monotonic())


class Access:
    """The ASGI application in front of the pages: lets in who may, answers /login and /logout, sets headers."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self.app = app
        self.door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if not (self._host_is_ours(headers) and self._origin_is_ours(scope, headers)):
            await self._answer(PlainTextResponse("Forbidden", 403), scope, receive, send)
            return
        cookies = _cookies(headers)
        session = self.door.session(cookies.get(SESSION_COOKIE))
        path = scope["path"]
        if scope["type"] == "http" and path in ("/login", "/logout"):
            await self._answer(await self._log_in_or_out(Request(scope, receive), session), scope, receive, send)
        elif session is not None and (scope["type"] == "http" or _is_own_page(scope, session)):
            scope["giaoviec.session"] = session
            await self._pass_on(scope, receive, send)
        elif path in PUBLIC:
            await self._pass_on(scope, receive, send)
        else:
            await self._answer(self._turned_away(scope, headers, cookies), scope, receive, send)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the pages answer. That a browser hangs up before they have is no error."""
        has_left = False

        async def receiving() -> Message:
            nonlocal has_left
            message = await receive()
            has_left = has_left or message["type"] == "http.disconnect"
            return message

        try:
            await self.app(scope, receiving, self._with_headers(send))
        except RuntimeError:
            if not has_left:
                raise

    def _host_is_ours(self, headers: Headers) -> bool:
        """On loopback, only our own names: another site's name that points here is an attack (DNS rebinding)."""
        host = urlsplit(f"//{headers.get('host', '')}")
        if not host.hostname:
            return False
        return not self.door.is_open or (is_loopback(host.hostname) and (host.port or 80) == self.door.port)

    def _origin_is_ours(self, scope: Scope, headers: Headers) -> bool:
        origin = headers.get("origin")
        if origin is None:
            return scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        return urlsplit(origin).netloc == headers.get("host")

    def _turned_away(self, scope: Scope, headers: Headers, cookies: dict[str, str]) -> Response:
        if scope["type"] == "websocket" or scope["method"] != "GET":
            return PlainTextResponse("Unauthorized", 401)
        target = scope["path"] + (f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else "")
        name = _name(unquote(cookies.get(NAME_COOKIE, "")))
        if self.door.is_open and name:
            # Asked once: who gave a name on this machine keeps it.
            return self._welcome(self.door.begin(name, "administrator"), target)
        if "text/html" not in headers.get("accept", ""):
            return PlainTextResponse("Unauthorized", 401)
        return RedirectResponse(f"/login?next={quote(target)}", 303)

    async def _log_in_or_out(self, request: Request, session: Session | None) -> Response:
        if request.url.path == "/logout":
            return await self._log_out(request, session)
        language = "en" if request.query_params.get("language") == "en" else self.door.language
        target = _local(request.query_params.get("next", "/"))
        if request.method != "POST":
            return self._form(language, target)
        form = await _form_of(request)
        cookie = request.cookies.get(FORM_COOKIE, "")
        if not cookie or not secrets.compare_digest(form.get("form", "").encode(), cookie.encode()):
            return self._form(language, target, "login_again", 403)
        name = _name(form.get("name", ""))
        if not name:
            return self._form(language, target, "login_name_missing", 400)
        if self.door.is_open:
            return self._welcome(self.door.begin(name, "administrator", language), target)
        keys = (f"name {name}", f"from {request.client.host if request.client else '?'}")
        if self.door.must_wait(*keys):
            return self._form(language, target, "login_wait", 429)
        user = await asyncio.to_thread(users.check, self.door.home, name, form.get("password", ""))
        if user is None:
            self.door.failed(*keys)
            return self._form(language, target, "login_wrong", 403)
        return self._welcome(self.door.begin(user.name, user.role, language), target)

    async def _log_out(self, request: Request, session: Session | None) -> Response:
        form = await _form_of(request) if request.method == "POST" else {}
        if session is not None and secrets.compare_digest(form.get("form", "").encode(), session.form.encode()):
            self.door.end(session)
        response = RedirectResponse("/login", 303)
        for cookie in (SESSION_COOKIE, NAME_COOKIE):
            response.delete_cookie(cookie)
        return response

    def _welcome(self, session: Session, target: str) -> Response:
        response = RedirectResponse(target, 303)
        response.set_cookie(
            SESSION_COOKIE, session.token, httponly=True, samesite="strict", secure=self.door.secure
        )
        if self.door.is_open:
            response.set_cookie(
                NAME_COOKIE, quote(session.name), httponly=True, samesite="strict", max_age=365 * 24 * 3600
            )
        return response

    def _form(self, language: str, target: str, problem: str | None = None, status: int = 200) -> Response:
        say = speaker(language)
        token = secrets.token_urlsafe(24)
        other = "vi" if language == "en" else "en"
        password = (
            ""
            if self.door.is_open
            else f"<label>{html.escape(say('login_password'))}"
            '<input name="password" type="password" autocomplete="current-password" required></label>'
        )
        page = _LOGIN.format_map(
            {
                "language": language,
                "title": html.escape(say("title")),
                "problem": f'<p class="problem" role="alert">{html.escape(say(problem))}</p>' if problem else "",
                "explained": html.escape(say("login_open" if self.door.is_open else "login_closed")),
                "action": html.escape(f"/login?next={quote(target)}&language={language}"),
                "name": html.escape(say("login_name")),
                "password": password,
                "enter": html.escape(say("login_enter")),
                "form": token,
                "switch": html.escape(f"/login?next={quote(target)}&language={other}"),
                "other": html.escape(speaker(other)("language_name")),
            }
        )
        response = HTMLResponse(page, status)
        response.set_cookie(FORM_COOKIE, token, httponly=True, samesite="strict", secure=self.door.secure)
        return response

    async def _answer(self, response: Response, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        await response(scope, receive, self._with_headers(send))

    def _with_headers(self, send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                if self.door.secure:
                    headers["strict-transport-security"] = "max-age=31536000"
                headers.setdefault("cache-control", "no-store")
            await send(message)

        return sending


def _is_own_page(scope: Scope, session: Session) -> bool:
    """Whether a web socket belongs to a page that was given to this session."""
    from nicegui import Client

    for client_id in parse_qs(scope["query_string"].decode("latin-1")).get("client_id", []):
        client = Client.instances.get(client_id)
        if client is not None and client.request.scope.get("giaoviec.session") is not session:
            return False
    return True


def _cookies(headers: Headers) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(headers.get("cookie", "")).items()}
    except CookieError:
        return {}


async def _form_of(request: Request) -> dict[str, str]:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_FORM_BYTES:
            return {}
    return {key: values[0] for key, values in parse_qs(body.decode("utf-8", "replace")).items()}


def _name(value: str) -> str:
    name = " ".join(value.split())[:80]
    return name if name.isprintable() else ""


def _local(target: str) -> str:
    """A place of this server to go to; the start for anything else."""
    parts = urlsplit(target)
    is_here = not parts.scheme and not parts.netloc and target.startswith("/") and "\\" not in target
    return target if is_here and not target.startswith("//") else "/"


_LOGIN = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/style.css"></head>
<body class="login"><main><h1>giaoviec</h1><p>{explained}</p>{problem}
<form method="post" action="{action}"><input type="hidden" name="form" value="{form}">
<label>{name}<input name="name" autocomplete="username" required maxlength="80" autofocus></label>{password}
<button>{enter}</button></form><p><a href="{switch}">{other}</a></p></main></body></html>
"""
