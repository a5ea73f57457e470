"""The door to Slack (Web API), over slack_sdk. Safe to share between threads.

Every method may raise Refused, Unavailable, and (where it posts) Ambiguous. What is posted is text of people: it is
escaped here, so that no name of a customer mentions a channel or hides a link (security.md 11). Reads are complete.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
from django.conf import settings
from requests.exceptions import RequestException
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from ceoc.vendors import parsing
from ceoc.vendors import slack_shapes as shapes
from ceoc.vendors.errors import Ambiguous, Refused, Unavailable, Unreadable, VendorError
from ceoc.vendors.hearing import Freshness
from ceoc.vendors.line import Hearing, Limits, Line, Party

READS = (
    "conversations.history",
    "conversations.replies",
    "conversations.list",
    "users.",
    "auth.test",
    "chat.getPermalink",
)
"""Methods that change nothing. Slack takes everything by POST, so that the method of HTTP does not tell."""

PAGE_SIZE = 200

AS_WRITTEN = {"parse": "none", "link_names": False, "unfurl_links": False, "unfurl_media": False}
"""Slack makes nothing of the text by itself: no mention, no preview."""

BUSY = frozenset({"ratelimited", "rate_limited", "team_added_to_org"})
MISSING = frozenset({"users_not_found", "user_not_found"})
TROUBLE = frozenset({"internal_error", "fatal_error", "request_timeout", "service_unavailable"})

CHANNEL_ID = re.compile(r"[CDG][A-Z0-9]{7,}")
USER_ID = re.compile(r"[UW][A-Z0-9]{2,}")


class Slack:
    """What can be read in Slack and posted there."""

    def __init__(
        self, *, url: str, token: Callable[[], str], hearing: Hearing | None = None, limits: Limits | None = None
    ) -> None:
        """`url` ends in `/api/`; `token` is called for each request, so that a rotated one counts at once."""
        self._token = token
        line = Line(Party("slack", "Slack", url), hearing or Freshness(), limits=limits, writes=_writes)
        self._client = _Client(line, url)
        self._channels: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._users: dict[str, shapes.SlackUser] = {}

    # --- reading --------------------------------------------------------------------------------------------------

    def thread(self, channel: str, ts: str) -> tuple[shapes.MessageRead, ...]:
        """A thread's messages, its first one included, oldest first."""
        asked = {"channel": self.channel_id(channel), "ts": ts, "include_all_metadata": True}
        return tuple(sorted(self._messages("conversations.replies", asked), key=lambda message: message.at))

    def history(self, channel: str, since: datetime) -> tuple[shapes.MessageRead, ...]:
        """A channel's messages outside threads since then, oldest first."""
        oldest = f"{since.timestamp():.6f}"
        asked = {"channel": self.channel_id(channel), "oldest": oldest, "include_all_metadata": True}
        return tuple(sorted(self._messages("conversations.history", asked), key=lambda message: message.at))

    def posted(self, channel: str, *, command: str, since: datetime, thread: str = "") -> shapes.MessageRead | None:
        """The message that a command of ours posted, if it did."""
        found = self.thread(channel, thread) if thread else self.history(channel, since)
        return next((message for message in found if message.command == command), None)

    def well(self) -> None:
        """Asks Slack whether it answers and knows our token; raises what is wrong otherwise."""
        self._call("auth.test", {})

    def user(self, user_id: str) -> shapes.SlackUser:
        """A person or bot, read once for each."""
        if user_id not in self._users:
            raw = self._call("users.info", {"user": user_id})
            self._users[user_id] = shapes.user(parsing.get(raw, "user") or {})
        return self._users[user_id]

    def member(self, who: str) -> shapes.SlackUser | None:
        """The person with that e-mail or id, read now; None where the workspace has none."""
        method, asked = ("users.lookupByEmail", {"email": who}) if "@" in who else ("users.info", {"user": who})
        try:
            raw = self._call(method, asked)
        except Refused as error:
            if error.missing:
                return None
            raise
        return shapes.user(parsing.get(raw, "user") or {})

    def permalink(self, channel: str, ts: str) -> str:
        """The address of a message."""
        raw = self._call("chat.getPermalink", {"channel": self.channel_id(channel), "message_ts": ts})
        return parsing.must(raw, "permalink")

    def channel_id(self, channel: str) -> str:
        """The id of a channel given by name (with or without #) or by id. Raises Refused where there is none."""
        name = channel.removeprefix("#")
        if CHANNEL_ID.fullmatch(name):
            return name
        if name not in self._channels:
            asked = {"types": "public_channel,private_channel", "exclude_archived": True, "limit": 1000}
            found = self._all("conversations.list", "channels", asked)
            self._channels = {parsing.text(raw, "name"): parsing.must(raw, "id") for raw in found}
        if name not in self._channels:
            raise Refused(f"Slack shows the dashboard no channel named #{name}.", status=404)
        return self._channels[name]

    def channel_name(self, channel_id: str) -> str:
        """What people call a channel, without #; the id where Slack shows the dashboard no such channel."""
        if channel_id not in self._names:
            raw = self._call("conversations.info", {"channel": channel_id})
            self._names[channel_id] = parsing.text(raw, "channel", "name") or channel_id
        return self._names[channel_id]

    # --- doing ----------------------------------------------------------------------------------------------------

    def post(
        self,
        channel: str,
        text: str,
        *,
        command: str,
        thread: str = "",
        name: str = "",
        mention: Sequence[str] = (),
    ) -> shapes.MessageRead:
        """Posts text, in a thread where `thread` (its first message's ts) is given, under a person's `name`.

        `mention` are Slack's user ids. The command's id goes along as metadata, by which the message is found again.
        """
        place = self.channel_id(channel)
        names = "".join(f"<@{user}> " for user in mention if USER_ID.fullmatch(user))
        asked: dict[str, Any] = {
            "channel": place,
            "text": names + escape(text),
            "metadata": {"event_type": shapes.EVENT_TYPE, "event_payload": {"command": command}},
            **AS_WRITTEN,
        }
        asked |= {"thread_ts": thread} if thread else {}
        asked |= {"username": name[:80]} if name else {}
        raw = self._call("chat.postMessage", asked, as_json=True)
        try:
            return shapes.message({**(parsing.get(raw, "message") or {}), "ts": parsing.must(raw, "ts")}, place)
        except Refused as error:
            raise Ambiguous(f"Slack took it, and its answer cannot be read. {error.sentence}") from error

    # --- the one request place ------------------------------------------------------------------------------------

    def _messages(self, method: str, asked: dict[str, Any]) -> Iterator[shapes.MessageRead]:
        for raw in self._all(method, "messages", {**asked, "limit": PAGE_SIZE}):
            yield shapes.message(raw, asked["channel"])

    def _all(self, method: str, wrapper: str, asked: dict[str, Any]) -> Iterator[parsing.Json]:
        """Every item of a list, cursor by cursor."""
        cursor = ""
        while True:
            raw = self._call(method, {**asked, "cursor": cursor} if cursor else asked)
            yield from parsing.items(raw, wrapper)
            following = parsing.text(raw, "response_metadata", "next_cursor")
            if not following or following == cursor:
                return
            cursor = following

    def _call(self, method: str, asked: dict[str, Any], *, as_json: bool = False) -> parsing.Json:
        content: dict[str, Any] = {"json": asked} if as_json else {"params": asked}
        content["headers"] = {"Authorization": f"Bearer {self._token()}"}
        try:
            response = self._client.api_call(method, **content)
        except SlackApiError as error:
            raise _refusal(error, method) from error
        except RequestException:  # nothing left: the line has its own errors
            raise Refused("The request to Slack could not be made.") from None
        except (SlackClientError, ValueError, KeyError) as error:
            raise _unreadable(method) from error
        found = response.data
        if not isinstance(found, dict):
            raise _unreadable(method)
        return found


class _Client(WebClient):
    """slack_sdk's client, sending through our line: its own sender has but one time-out, and no third error."""

    def __init__(self, line: Line, url: str) -> None:
        super().__init__(base_url=url, retry_handlers=[])
        self._out = line.session()

    def _perform_urllib_http_request(self, *, url: str, args: dict[str, dict[str, Any]]) -> dict[str, Any]:
        """One request; the answer as slack_sdk's own sender gives it."""
        headers = dict(args["headers"])
        if args["json"]:
            headers["Content-Type"] = "application/json;charset=utf-8"
            response = self._out.post(url, json=args["json"], headers=headers)
        else:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            response = self._out.post(url, data=urlencode(args["params"] or {}), headers=headers)
        try:
            parsing.flag(parsing.load(response.content), "ok")
        except Unreadable as error:
            raise _unreadable(url.rpartition("/")[2]) from error
        return {"status": response.status_code, "headers": dict(response.headers), "body": response.text}


def escape(text: str) -> str:
    """Text of people for Slack: what would mention, link or format as a command is shown as it was written."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _writes(request: requests.PreparedRequest) -> bool:
    return not _is_read(urlsplit(request.url or "").path.rpartition("/")[2])


def _is_read(method: str) -> bool:
    return any(method == read or (read.endswith(".") and method.startswith(read)) for read in READS)


def _refusal(error: SlackApiError, method: str) -> VendorError:
    """Slack says no with 200 and `ok: false`; the word in `error` tells why."""
    found = error.response.data if hasattr(error.response, "data") else {}
    word = parsing.text(found, "error") if isinstance(found, dict) else ""
    if word in BUSY:
        return Unavailable("Slack asked us to wait.")
    if word in TROUBLE:
        return Unavailable("Slack has trouble of its own.") if _is_read(method) else _unreadable(method)
    if word in MISSING:
        return Refused("Slack does not have it (any more).", status=404)
    return Refused(f"Slack refused: {word.replace('_', ' ') or 'no reason given'}.", status=200)


def _unreadable(method: str) -> VendorError:
    if _is_read(method):
        return Unavailable("Slack's answer cannot be read.")
    return Ambiguous("Slack took the request, and its answer cannot be read; it may have been done.")


@cache
def door() -> Slack:
    """The door to the workspace of the settings; one for the process."""
    return Slack(url=settings.SLACK_API_URL, token=settings.SLACK_BOT_TOKEN)
