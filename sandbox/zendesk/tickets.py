"""Tickets: every change is an audit with its events, and queues the webhooks that Zendesk would send."""

from dataclasses import dataclass, field
from datetime import datetime
from html import escape

from sandbox.clock import iso
from sandbox.store import Doc
from sandbox.world import desk
from sandbox.zendesk import events
from sandbox.zendesk.account import FIRST_TICKET, Account

SIMPLE = (
    "subject",
    "status",
    "priority",
    "type",
    "assignee_id",
    "group_id",
    "organization_id",
    "requester_id",
    "ticket_form_id",
    "external_id",
    "problem_id",
    "due_at",
    "follower_ids",
    "email_cc_ids",
)
OPENS_AGAIN = ("pending", "hold", "solved")


@dataclass
class Change:
    """What one update asks for. `by` is the user who makes it; `comment` holds body, public and author_id; `custom`
    is the metadata that comes back in the audit; `rule` names the trigger that did it."""

    by: int
    fields: Doc = field(default_factory=dict)
    tags: list[str] | None = None
    custom_fields: dict[int, object] = field(default_factory=dict)
    comment: Doc | None = None
    custom: Doc = field(default_factory=dict)
    via: Doc = field(default_factory=lambda: {"channel": "web", "source": {"from": {}, "to": {}, "rel": None}})
    macros: list[int] = field(default_factory=list)
    rule: str = ""


class Tickets:
    """All tickets of one account."""

    def __init__(self, account: Account) -> None:
        """Works on the account's store and clock."""
        self.account = account
        self.box = account.box
        self.kind = account.kind("ticket")

    def find(self, key: object) -> Doc:
        """The ticket by id; raises Missing."""
        return self.box.store.need(self.kind, key)

    def all(self) -> list[Doc]:
        """Every ticket that is not deleted."""
        return [doc for doc in self.box.store.all(self.kind) if not doc["deleted"]]

    def create(self, change: Change, requester: Doc) -> Doc:
        """A new ticket by a requester; its description is the first comment."""
        now = self.box.clock.now()
        doc = self._blank(change, requester, now)
        made = [
            self._event("Create", field_name=name, value=doc[name])
            for name in (*SIMPLE, "tags")
            if doc[name] not in (None, [], "")
        ]
        for number, value in change.custom_fields.items():
            doc["fields"][str(number)] = value
            made.append(self._event("Create", field_name=str(number), value=value))
        self._finish(doc, change, made, now, created=True)
        return doc

    def _blank(self, change: Change, requester: Doc, now: datetime) -> Doc:
        """A new ticket's document, before its first audit."""
        usual = {
            "status": "new",
            "subject": "",
            "requester_id": requester["id"],
            "organization_id": requester["organization_id"],
            "ticket_form_id": self.account.form_id(desk.SELF_MANAGED),
            "follower_ids": [],
            "email_cc_ids": [],
        }
        fields = usual | change.fields
        if fields.get("assignee_id") and fields["status"] == "new":
            fields["status"] = "open"
        return {name: fields.get(name) for name in SIMPLE} | {
            "id": self.box.store.next(f"zendesk {self.account.name} ticket", FIRST_TICKET[self.account.name]),
            "submitter_id": change.by,
            "tags": sorted(set(change.tags or [])),
            "description": (change.comment or {}).get("body", ""),
            "created_at": iso(now),
            "via": change.via,
            "recipient": None,
            "deleted": False,
            "merged_into": None,
            "followup_of": fields.get("via_followup_source_id"),
            "is_public": bool((change.comment or {}).get("public", True)),
            "fields": {},
            "audits": [],
            "comments": [],
            "followup_ids": [],
        }

    def update(self, doc: Doc, change: Change) -> Doc:
        """Change a ticket; answers the audit. Nothing changed and nothing said: an audit without events."""
        now = self.box.clock.now()
        author = self.account.user((change.comment or {}).get("author_id", change.by))
        if change.comment and author and author["role"] == "end-user" and doc["status"] in OPENS_AGAIN:
            change.fields.setdefault("status", "open")
        if change.fields.get("status") == "solved" and not (doc["assignee_id"] or change.fields.get("assignee_id")):
            change.fields["assignee_id"] = change.by
        if change.fields.get("assignee_id") and doc["status"] == "new":
            change.fields.setdefault("status", "open")
        made = self._changes(doc, change)
        return self._finish(doc, change, made, now, created=False)

    def _changes(self, doc: Doc, change: Change) -> list[Doc]:
        """Put the new values in; answers one Change event for each that differs."""
        made = []
        for name, value in change.fields.items():
            if name in SIMPLE and doc[name] != value:
                made.append(self._event("Change", field_name=name, value=value, previous_value=doc[name]))
                doc[name] = value
        if change.tags is not None and sorted(set(change.tags)) != doc["tags"]:
            tags = sorted(set(change.tags))
            made.append(self._event("Change", field_name="tags", value=tags, previous_value=doc["tags"]))
            doc["tags"] = tags
        for number, value in change.custom_fields.items():
            previous = doc["fields"].get(str(number))
            if previous != value:
                made.append(self._event("Change", field_name=str(number), value=value, previous_value=previous))
                doc["fields"][str(number)] = value
        return made

    def _finish(self, doc: Doc, change: Change, made: list[Doc], now: datetime, created: bool) -> Doc:
        """Write the audit and the comment, keep the ticket, queue the webhooks; answers the audit."""
        if change.rule:
            for event in made:
                event["via"] = rule_via(self.account, change.rule)
        audit: Doc = {
            "id": self.account.next_id("event"),
            "ticket_id": doc["id"],
            "created_at": iso(now),
            "author_id": change.by,
            "metadata": {
                "system": {"client": "Sandbox", "ip_address": "192.0.2.1", "location": "Nowhere"},
                "custom": change.custom,
            },
            "via": change.via,
            "events": made,
        }
        if change.comment:
            audit["events"].append(self._comment(doc, change, audit, now))
        audit["events"] += [
            self._event("AgentMacroReference", macro_id=str(macro), macro_title=found.title, macro_deleted=False)
            for macro in change.macros
            if (found := self.account.macro(macro))
        ]
        doc["audits"].append(audit)
        doc["updated_at"], doc["generated"] = iso(now), now.timestamp()
        self.box.store.put(self.kind, doc["id"], doc)
        events.tell(self.account, doc, audit, now, created)
        return audit

    def _comment(self, doc: Doc, change: Change, audit: Doc, now: datetime) -> Doc:
        """Keep the comment; answers its event. Event and comment have the same id, as at Zendesk."""
        asked = change.comment or {}
        body = str(asked.get("body", ""))
        event = self._event(
            "Comment",
            author_id=asked.get("author_id", change.by),
            body=body,
            plain_body=body,
            html_body=asked.get("html_body")
            or "<p>" + escape(body).replace("\n\n", "</p><p>").replace("\n", "<br>") + "</p>",
            public=bool(asked.get("public", True)),
            attachments=asked.get("attachments", []),
            audit_id=audit["id"],
        )
        if change.rule:
            event["via"] = rule_via(self.account, change.rule)
        doc["comments"].append(
            {**event, "created_at": iso(now), "via": event.get("via", change.via), "metadata": audit["metadata"]}
        )
        return event

    def _event(self, kind: str, **more: object) -> Doc:
        return {"id": self.account.next_id("event"), "type": kind, **more}

    def notify(self, doc: Doc, rule: str, recipients: list[int], subject: str, body: str) -> None:
        """A trigger tells people by e-mail: an event of its own in the last audit."""
        event = self._event(
            "Notification", subject=subject, body=body, recipients=recipients, via=rule_via(self.account, rule)
        )
        doc["audits"][-1]["events"].append(event)
        self.box.store.put(self.kind, doc["id"], doc)

    def delete(self, doc: Doc) -> None:
        """Put a ticket away: it answers 404 from now on."""
        now = self.box.clock.now()
        doc["deleted"] = True
        doc["updated_at"], doc["generated"] = iso(now), now.timestamp()
        self.box.store.put(self.kind, doc["id"], doc)
        events.one(self.account, doc, "soft_deleted", {}, None, now)

    def merge(self, target: Doc, sources: list[Doc], by: int, target_comment: Doc, source_comment: Doc) -> None:
        """Merge tickets into another: they are closed, both sides say so in a comment. The comments hold body and
        public; {} takes Zendesk's own words."""
        numbers = [doc["id"] for doc in sources]
        listed = ", ".join(f"#{number}" for number in numbers)
        came = {"channel": "web", "source": {"from": {"ticket_ids": numbers}, "to": {}, "rel": "merge"}}
        said = {
            "body": f"Requests {listed} were closed and merged into this request.",
            "public": False,
        } | target_comment
        self.update(target, Change(by=by, comment=said, via=came))
        for doc in sources:
            went = {"channel": "web", "source": {"from": {}, "to": {"ticket_id": target["id"]}, "rel": "merge"}}
            told = {"body": f"This request was closed and merged into request #{target['id']}.", "public": False}
            doc["merged_into"] = target["id"]
            change = Change(
                by=by,
                fields={"status": "closed"},
                tags=[*doc["tags"], "closed_by_merge"],
                comment=told | source_comment,
                via=went,
            )
            self.update(doc, change)
            events.one(self.account, doc, "merged", {"target_ticket_id": str(target["id"])}, by, self.box.clock.now())


def rule_via(account: Account, title: str) -> Doc:
    """Where something came from, when a trigger did it."""
    source = {"from": {"id": account.fixed("trigger", title), "title": title}, "to": {}, "rel": "trigger"}
    return {"channel": "rule", "source": source}
