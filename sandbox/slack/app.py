"""The stand-in for slack.com/api: methods by name, always 200 with `ok`, one transaction a request."""

from collections.abc import Awaitable, Callable
from json import JSONDecodeError, loads
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.slack.workspace import APP, BOT, BOT_USER, TEAM, SlackProblem, Workspace
from sandbox.store import Doc

MOST = 999
LONGEST_TEXT = 40_000
URL = "https://demo.slack.example/"


class Methods:
    """One method of the Web API each; arguments come as text, from the query, a form or JSON."""

    def __init__(self, workspace: Workspace) -> None:
        """Answers from the workspace."""
        self.space = workspace

    def auth_test(self, said: Doc) -> Doc:
        """auth.test."""
        return {
            "url": URL,
            "team": "Demo",
            "user": "ceoc",
            "team_id": TEAM,
            "user_id": BOT_USER,
            "bot_id": BOT,
            "is_enterprise_install": False,
        }

    def post_message(self, said: Doc) -> Doc:
        """chat.postMessage."""
        channel = self.space.channel_id(str(said.get("channel", "")))
        text = str(said.get("text") or "")
        if not text and not said.get("blocks") and not said.get("attachments"):
            raise SlackProblem("no_text")
        if len(text) > LONGEST_TEXT:
            raise SlackProblem("msg_too_long")
        kept = {name: said[name] for name in ("thread_ts", "client_msg_id") if said.get(name)}
        kept |= {name: _json(said[name]) for name in ("metadata", "blocks", "attachments") if said.get(name)}
        doc = self.space.post(
            channel, text, {"user": BOT_USER, "bot_id": BOT, "app_id": APP, "subtype": "bot_message"} | kept
        )
        return {"channel": channel, "ts": doc["ts"], "message": self.space.shown(doc)}

    def update(self, said: Doc) -> Doc:
        """chat.update."""
        channel = self.space.channel_id(str(said.get("channel", "")))
        doc = self.space.find(channel, str(said.get("ts", "")))
        if doc.get("bot_id") != BOT:
            raise SlackProblem("cant_update_message")
        changes = {name: _json(said[name]) for name in ("metadata", "blocks") if said.get(name)}
        doc = self.space.edit(doc, str(said.get("text") or doc["text"]), changes)
        return {"channel": channel, "ts": doc["ts"], "text": doc["text"], "message": self.space.shown(doc)}

    def delete(self, said: Doc) -> Doc:
        """chat.delete."""
        channel = self.space.channel_id(str(said.get("channel", "")))
        doc = self.space.find(channel, str(said.get("ts", "")))
        if doc.get("bot_id") != BOT:
            raise SlackProblem("cant_delete_message")
        self.space.delete(doc)
        return {"channel": channel, "ts": doc["ts"]}

    def permalink(self, said: Doc) -> Doc:
        """chat.getPermalink."""
        channel = self.space.channel_id(str(said.get("channel", "")))
        doc = self.space.find(channel, str(said.get("message_ts", "")))
        return {"channel": channel, "permalink": f"{URL}archives/{channel}/p{doc['ts'].replace('.', '')}"}

    def history(self, said: Doc) -> Doc:
        """conversations.history: newest first, threads' replies left out."""
        channel = self.space.channel_id(str(said.get("channel", "")))
        docs = [doc for doc in self.space.messages(channel) if doc.get("thread_ts", doc["ts"]) == doc["ts"]]
        return self._messages(said, docs[::-1])

    def replies(self, said: Doc) -> Doc:
        """conversations.replies: a thread, oldest first."""
        channel = self.space.channel_id(str(said.get("channel", "")))
        ts = str(said.get("ts", ""))
        found = self.space.find(channel, ts)
        return self._messages(said, self.space.replies(channel, found.get("thread_ts", ts)))

    def _messages(self, said: Doc, docs: list[Doc]) -> Doc:
        """A page of messages between `oldest` and `latest`."""
        oldest, latest = float(said.get("oldest") or 0), float(said.get("latest") or "inf")
        whole = _true(said.get("inclusive"))
        docs = [
            doc
            for doc in docs
            if (oldest <= float(doc["ts"]) <= latest if whole else oldest < float(doc["ts"]) < latest)
        ]
        part, cursor = _part(said, docs)
        metadata = _true(said.get("include_all_metadata"))
        return {
            "messages": [self.space.shown(doc, metadata) for doc in part],
            "has_more": bool(cursor),
            "response_metadata": {"next_cursor": cursor},
        }

    def channels(self, said: Doc) -> Doc:
        """conversations.list."""
        part, cursor = _part(said, [self.space.channel(key) for key in self.space.channels])
        return {"channels": part, "response_metadata": {"next_cursor": cursor}}

    def channel(self, said: Doc) -> Doc:
        """conversations.info."""
        return {"channel": self.space.channel(self.space.channel_id(str(said.get("channel", ""))))}

    def users(self, said: Doc) -> Doc:
        """users.list."""
        part, cursor = _part(said, [self.space.user(key) for key in self.space.people])
        return {"members": part, "cache_ts": 1704099600, "response_metadata": {"next_cursor": cursor}}

    def user(self, said: Doc) -> Doc:
        """users.info."""
        if said.get("user") not in self.space.people:
            raise SlackProblem("user_not_found")
        return {"user": self.space.user(str(said["user"]))}

    def user_by_email(self, said: Doc) -> Doc:
        """users.lookupByEmail."""
        for key, person in self.space.people.items():
            if person.slack_address == str(said.get("email", "")).lower():
                return {"user": self.space.user(key)}
        raise SlackProblem("users_not_found")


def app(workspace: Workspace) -> Starlette:
    """The application."""
    methods = Methods(workspace)
    table: dict[str, Callable[[Doc], Doc]] = {
        "auth.test": methods.auth_test,
        "chat.postMessage": methods.post_message,
        "chat.update": methods.update,
        "chat.delete": methods.delete,
        "chat.getPermalink": methods.permalink,
        "conversations.history": methods.history,
        "conversations.replies": methods.replies,
        "conversations.list": methods.channels,
        "conversations.info": methods.channel,
        "users.list": methods.users,
        "users.info": methods.user,
        "users.lookupByEmail": methods.user_by_email,
    }
    return Starlette(routes=[Route("/{method}", _wrap(workspace, table), methods=["GET", "POST"])])


def _wrap(workspace: Workspace, table: dict[str, Callable[[Doc], Doc]]) -> Callable[[Request], Awaitable[Response]]:
    """Check the token, find the method, answer within one transaction."""

    async def answer(request: Request) -> Response:
        try:
            said = await _arguments(request)
            _sign_in(request, said, workspace.box.config.slack_token)
            method = table.get(request.path_params["method"])
            if method is None:
                raise SlackProblem("unknown_method")
            with workspace.box.store.transaction():
                result = method(said)
        except SlackProblem as problem:
            return JSONResponse({"ok": False, "error": str(problem)})
        except ValueError:
            return JSONResponse({"ok": False, "error": "invalid_arguments"})
        return JSONResponse({"ok": True} | result)

    return answer


def _sign_in(request: Request, said: Doc, token: str) -> None:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ") or str(said.get("token", ""))
    if not given:
        raise SlackProblem("not_authed")
    if given != token:
        raise SlackProblem("invalid_auth")


async def _arguments(request: Request) -> Doc:
    """The arguments, from wherever they came; raises SlackProblem."""
    said: Doc = dict(request.query_params)
    if request.headers.get("content-type", "").startswith("application/json"):
        try:
            body = await request.json() if await request.body() else {}
        except (JSONDecodeError, UnicodeDecodeError):
            raise SlackProblem("invalid_json") from None
        return said | body if isinstance(body, dict) else said
    if request.method == "POST":
        raw = (await request.body()).decode(errors="replace")
        said |= _form(raw)
    return said


def _form(raw: str) -> Doc:
    return dict(parse_qsl(raw, keep_blank_values=True))


def _json(value: object) -> object:
    """A structured argument, which forms carry as text."""
    if not isinstance(value, str):
        return value
    try:
        return loads(value)
    except JSONDecodeError:
        raise SlackProblem("invalid_arguments") from None


def _true(value: object) -> bool:
    return str(value).lower() in ("true", "1")


def _part(said: Doc, docs: list[Doc]) -> tuple[list[Doc], str]:
    """A page by cursor, and the cursor of the next ('' at the end)."""
    size = min(max(int(said.get("limit") or 100), 1), MOST)
    text = str(said.get("cursor") or "0")
    if not text.isdigit():
        raise SlackProblem("invalid_cursor")
    start = int(text)
    return docs[start : start + size], str(start + size) if start + size < len(docs) else ""
