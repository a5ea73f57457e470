"""The workspace: channels, people, messages and threads; every change queues its event."""

from sandbox import ids
from sandbox.box import Box
from sandbox.store import Doc, Missing
from sandbox.world.people import CHANNELS, PEOPLE, PRIVATE_CHANNELS, Person

KIND = "sl_message"
TEAM = ids.fixed_slack("T", "demo")
APP = ids.fixed_slack("A", "ceoc")
BOT_USER = ids.fixed_slack("U", "ceoc bot")
BOT = ids.fixed_slack("B", "ceoc")
BOTS = {
    "pagerduty": ("PagerDuty", ids.fixed_slack("B", "pagerduty")),
    "zendesk": ("Zendesk", ids.fixed_slack("B", "zendesk")),
}


class SlackProblem(Exception):
    """An answer `ok: false` with Slack's word for what is wrong."""


class Workspace:
    """Everything in the workspace. Message times are the demo clock's, with a counter as their fraction."""

    def __init__(self, box: Box) -> None:
        """Works on the box's store, clock and webhooks."""
        self.box = box
        self.channels = {ids.fixed_slack("C", name): name for name in CHANNELS}
        self.people = {ids.fixed_slack("U", person.key): person for person in PEOPLE if person.in_slack}

    def channel_id(self, wanted: str) -> str:
        """The id of a channel given by id or name; raises SlackProblem."""
        name = wanted.removeprefix("#")
        found = wanted if wanted in self.channels else ids.fixed_slack("C", name)
        if found not in self.channels:
            raise SlackProblem("channel_not_found")
        return found

    def user_id(self, person: Person) -> str:
        """The Slack id of a member of the team."""
        return ids.fixed_slack("U", person.key)

    def post(self, channel: str, text: str, said: Doc) -> Doc:
        """A new message. `said` tells who (`user`, or `bot_id` and `username`) and carries thread_ts, metadata,
        client_msg_id, blocks where given; raises SlackProblem for a thread that is not there."""
        number = self.box.store.next("slack ts")
        ts = f"{int(self.box.clock.now().timestamp())}.{number % 1_000_000:06d}"
        doc: Doc = {"type": "message", "channel": channel, "ts": ts, "text": text, "team": TEAM} | said
        thread = doc.get("thread_ts")
        if thread and thread != ts and self.box.store.get(KIND, f"{channel} {thread}") is None:
            raise SlackProblem("thread_not_found")
        self.box.store.put(KIND, f"{channel} {ts}", doc)
        self._tell(channel, self.shown(doc) | {"event_ts": ts})
        return doc

    def find(self, channel: str, ts: str) -> Doc:
        """A message by channel and time; raises SlackProblem."""
        try:
            return self.box.store.need(KIND, f"{channel} {ts}")
        except Missing:
            raise SlackProblem("message_not_found") from None

    def edit(self, doc: Doc, text: str, changes: Doc) -> Doc:
        """Change a message's text."""
        before = self.shown(doc)
        stamp = f"{int(self.box.clock.now().timestamp())}.000000"
        doc |= changes | {"text": text, "edited": {"user": doc.get("user") or doc.get("bot_id"), "ts": stamp}}
        self.box.store.put(KIND, f"{doc['channel']} {doc['ts']}", doc)
        self._tell(
            doc["channel"],
            {
                "type": "message",
                "subtype": "message_changed",
                "hidden": True,
                "message": self.shown(doc),
                "previous_message": before,
            },
        )
        return doc

    def delete(self, doc: Doc) -> None:
        """Take a message away."""
        self.box.store.delete(KIND, f"{doc['channel']} {doc['ts']}")
        self._tell(
            doc["channel"],
            {
                "type": "message",
                "subtype": "message_deleted",
                "hidden": True,
                "deleted_ts": doc["ts"],
                "previous_message": self.shown(doc),
            },
        )

    def messages(self, channel: str) -> list[Doc]:
        """Every message of a channel, threads too, oldest first."""
        found = [doc for doc in self.box.store.all(KIND) if doc["channel"] == channel]
        return sorted(found, key=lambda doc: float(doc["ts"]))

    def replies(self, channel: str, ts: str) -> list[Doc]:
        """A thread: its first message and the replies."""
        return [doc for doc in self.messages(channel) if ts in (doc["ts"], doc.get("thread_ts"))]

    def shown(self, doc: Doc, metadata: bool = True) -> Doc:
        """A message as the API gives it, with what hangs on it."""
        hidden = {"channel"} if metadata else {"channel", "metadata"}
        shown = {name: value for name, value in doc.items() if name not in hidden}
        replies = [
            reply for reply in self.messages(doc["channel"]) if reply.get("thread_ts") == doc["ts"] != reply["ts"]
        ]
        if replies:
            shown |= {
                "thread_ts": doc["ts"],
                "reply_count": len(replies),
                "latest_reply": replies[-1]["ts"],
                "reply_users": sorted({str(reply.get("user") or reply.get("bot_id")) for reply in replies}),
            }
        return shown

    def _tell(self, channel: str, event: Doc) -> None:
        """Queue one event of the Events API."""
        kind = "group" if self.channels[channel] in PRIVATE_CHANNELS else "channel"
        stamp = event.get("event_ts") or f"{self.box.clock.now().timestamp():.6f}"
        whole = event | {"channel": channel, "channel_type": kind, "event_ts": stamp, "ts": event.get("ts", stamp)}
        body = {
            "token": "unused",
            "team_id": TEAM,
            "api_app_id": APP,
            "type": "event_callback",
            "event": whole,
            "event_id": "Ev" + ids.base36(self.box.store.next("slack event", 36**8), 9),
            "event_time": int(float(stamp)),
            "is_ext_shared_channel": False,
            "event_context": ids.random(),
            "authorizations": [{"enterprise_id": None, "team_id": TEAM, "user_id": BOT_USER, "is_bot": True}],
        }
        self.box.hooks.queue("slack", channel, body)

    def challenge(self) -> Doc:
        """Queue the `url_verification` that Slack sends when an address is registered."""
        body = {"token": "unused", "type": "url_verification", "challenge": ids.random().replace("-", "")}
        return self.box.hooks.queue("slack", "url_verification", body)

    def channel(self, key: str) -> Doc:
        """A channel in full."""
        name = self.channels[key]
        private = name in PRIVATE_CHANNELS
        return {
            "id": key,
            "name": name,
            "name_normalized": name,
            "is_channel": not private,
            "is_group": private,
            "is_im": False,
            "is_mpim": False,
            "is_private": private,
            "is_archived": False,
            "is_general": False,
            "is_member": True,
            "created": 1704099600,
            "creator": BOT_USER,
            "context_team_id": TEAM,
            "topic": {"value": CHANNELS[name], "creator": BOT_USER, "last_set": 1704099600},
            "purpose": {"value": "", "creator": "", "last_set": 0},
            "num_members": len(self.people),
        }

    def user(self, key: str) -> Doc:
        """A member in full."""
        person = self.people[key]
        return {
            "id": key,
            "team_id": TEAM,
            "name": person.key,
            "deleted": False,
            "real_name": person.name,
            "tz": person.zone,
            "is_admin": False,
            "is_bot": False,
            "is_app_user": False,
            "updated": 1704099600,
            "profile": {
                "real_name": person.name,
                "display_name": person.key,
                "email": person.slack_address,
                "title": person.title,
                "team": TEAM,
            },
        }
