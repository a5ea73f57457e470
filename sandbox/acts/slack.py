"""What people write in Slack itself."""

from sandbox.acts.base import Given, act
from sandbox.slack.workspace import BOTS
from sandbox.store import Doc
from sandbox.vendors import Vendors


@act
def slack_message(vendors: Vendors, given: Given) -> Doc:
    """`channel` (name), `by` (a person, or `bot`: pagerduty or zendesk), `text`; `thread` is a message's ts, `page` an
    incident under whose message to write."""
    known = vendors.box.store.get("sl_notice", given.get("page", ""))
    channel = known["channel"] if known else _channel(vendors, given)
    said: Doc = {}
    if given.get("bot"):
        username, bot = BOTS[given.text("bot")]
        said = {"subtype": "bot_message", "username": username, "bot_id": bot}
    else:
        said = {"user": vendors.slack.user_id(given.person("mira"))}
    thread = known["ts"] if known else given.get("thread")
    said |= {"thread_ts": thread} if thread else {}
    doc = vendors.slack.post(channel, given.text("text", "On it."), said)
    return {"channel": channel, "ts": doc["ts"], "thread": thread}


@act
def slack_edit(vendors: Vendors, given: Given) -> Doc:
    """`channel`, `ts`, `text`."""
    channel = _channel(vendors, given)
    doc = vendors.slack.edit(vendors.slack.find(channel, given.text("ts")), given.text("text"), {})
    return {"channel": channel, "ts": doc["ts"]}


@act
def slack_delete(vendors: Vendors, given: Given) -> Doc:
    """`channel`, `ts`."""
    channel = _channel(vendors, given)
    doc = vendors.slack.find(channel, given.text("ts"))
    vendors.slack.delete(doc)
    return {"channel": channel, "ts": doc["ts"]}


@act
def slack_challenge(vendors: Vendors, given: Given) -> Doc:
    """Slack checks the address that it was given."""
    return {"webhook": vendors.slack.challenge()["id"]}


def _channel(vendors: Vendors, given: Given) -> str:
    return vendors.slack.channel_id(given.text("channel", "support_self-managed"))
