"""The three vendors together, and what they tell each other: PagerDuty's message in Slack."""

from html import escape

from sandbox import ids
from sandbox.box import Box
from sandbox.pagerduty.handing import Handing
from sandbox.slack.workspace import BOTS, Workspace
from sandbox.slack.workspace import KIND as SLACK_KIND
from sandbox.store import Doc
from sandbox.world import rota
from sandbox.zendesk.account import Account
from sandbox.zendesk.tickets import Tickets

TOLD = {
    "triggered": "Triggered",
    "reopened": "Reopened",
    "acknowledged": "Acknowledged",
    "resolved": "Resolved",
    "unacknowledged": "Triggered again",
    "escalated": "Escalated",
    "reassigned": "Reassigned",
    "delegated": "Moved",
}


class Vendors:
    """All that can be acted on."""

    def __init__(self, box: Box) -> None:
        """Sets an empty sandbox up with the world."""
        self.box = box
        self.slack = Workspace(box)
        self.pagerduty = Handing(box)
        self.pagerduty.listeners.append(self.tell_slack)
        self.tickets = {name: Tickets(Account(box, name)) for name in box.config.zendesk}

    def set_up(self) -> None:
        """The world anew, in an emptied store."""
        for tickets in self.tickets.values():
            tickets.account.set_up()

    def refresh_dates(self) -> None:
        """Set the customers' dates by the present day."""
        for tickets in self.tickets.values():
            tickets.account.refresh_dates()

    def channel_of(self, incident: Doc) -> str | None:
        """The Slack channel where PagerDuty tells of an incident; None for a service that nobody connected."""
        service = self.pagerduty.directory.services[incident["service"]].name
        if service == rota.US_GOV_SERVICE:
            return "spt_us-government"
        if service != rota.GLOBAL_SERVICE:
            return None
        return "support_gitlab-com" if incident["product"] == "gitlab_com" else "support_self-managed"

    def tell_slack(self, kind: str, incident: Doc) -> None:
        """PagerDuty's own message: posted when an incident rings first, edited afterwards."""
        name = self.channel_of(incident)
        if name is None or kind not in TOLD:
            return
        text = self._notice(kind, incident)
        known = self.box.store.get("sl_notice", incident["id"])
        if known:
            message = self.box.store.get(SLACK_KIND, f"{known['channel']} {known['ts']}")
            if message:  # somebody may have deleted it
                self.slack.edit(message, text, {})
            return
        username, bot = BOTS["pagerduty"]
        channel = ids.fixed_slack("C", name)
        doc = self.slack.post(channel, text, {"subtype": "bot_message", "username": username, "bot_id": bot})
        self.box.store.put("sl_notice", incident["id"], {"channel": channel, "ts": doc["ts"]})

    def _notice(self, kind: str, incident: Doc) -> str:
        """The words of the message, escaped as Slack wants it; they name the page by number, id and link."""
        directory = self.pagerduty.directory
        people = ", ".join(directory.users[held["user"]].name for held in incident["assignments"]) or "nobody"
        title = escape(f"[#{incident['number']}] {incident['title']}", quote=False)
        head = f":rotating_light: *{TOLD[kind]}* <{directory.base}/incidents/{incident['id']}|{title}>"
        service = directory.services[incident["service"]].name
        return f"{head}\nService: {service} · Assigned: {people} · {incident['id']}"
