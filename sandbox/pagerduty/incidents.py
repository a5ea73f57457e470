"""What can happen to an incident. Each act writes its log entry and queues its webhook, in one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox import ids
from sandbox.box import Box
from sandbox.clock import iso, parse
from sandbox.pagerduty import events, log, schedules
from sandbox.pagerduty.answers import Problem, invalid
from sandbox.pagerduty.directory import Directory
from sandbox.store import Doc

KIND = "pd_incident"
WEBSITE: Doc = {"type": "website"}
API: Doc = {"type": "api"}
LISTS = ("assignments", "acknowledgements", "log", "notes", "alerts", "responder_requests")


@dataclass
class Draft:
    """An incident to be made. Ids throughout; `channel` is what the trigger entry carries, `details` the event's
    custom details (none: an incident made by a person, without an alert); `product` decides on the Slack channel."""

    service: str
    title: str
    agent: Doc
    channel: Doc
    key: str = ""
    policy: str = ""
    assignees: Sequence[str] = ()
    urgency: str = "high"
    priority: str = ""
    body: Doc | None = None
    details: Doc | None = None
    contexts: list[Doc] = field(default_factory=list)
    product: str = ""


class Incidents:
    """All incidents of the account. People and things are given by id; times are the demo clock's."""

    def __init__(self, box: Box) -> None:
        """Works on the box's store, clock and webhooks."""
        self.box = box
        self.directory = Directory(box.config.pagerduty.url)
        self.listeners: list[Callable[[str, Doc], None]] = []

    def find(self, key: str) -> Doc:
        """The incident by id; raises Missing."""
        return self.box.store.need(KIND, key)

    def known(self, key: str) -> bool:
        """Is there such an incident?"""
        return self.box.store.get(KIND, key) is not None

    def all(self) -> list[Doc]:
        """Every incident, oldest first."""
        return self.box.store.all(KIND)

    def open_with_key(self, service: str, key: str) -> Doc | None:
        """The unresolved incident of a service with that incident key."""
        for doc in self.all():
            if key and doc["key"] == key and doc["service"] == service and doc["status"] != "resolved":
                return doc
        return None

    def create(self, draft: Draft) -> Doc | None:
        """Make an incident; it rings whoever is on call. None where nobody is: PagerDuty then makes none at all."""
        now = self.box.clock.now()
        policy = draft.policy or ids.fixed("escalation_policy", self.directory.services[draft.service].policy)
        people, level = list(draft.assignees), 0
        if not people:
            people, level = self.reach(policy, 1, now)
            if not people:
                return None
        doc = self._blank(draft, policy, now)
        self.box.store.put(KIND, doc["id"], doc)
        more = {
            "event_details": {"description": draft.title},
            "contexts": draft.contexts,
            "summary": draft.channel.get("summary", "Triggered"),
        }
        log.write(self.box.store, doc, "trigger", now, draft.agent, draft.channel, **more)
        self.assign(doc, people, level, now)
        log.write(self.box.store, doc, "assign", now, draft.agent, {"type": "auto"}, assignees=people)
        self._notify(doc, people, now)
        self.save(doc, now)
        self.tell("triggered", doc, draft.agent, now)
        return doc

    def _blank(self, draft: Draft, policy: str, now: datetime) -> Doc:
        """A new incident's document, with the alert of its event."""
        stamp = iso(now)
        doc: Doc = {
            "id": ids.pagerduty(self.box.store),
            "number": self.box.store.next("pagerduty number", 4001),
            "title": draft.title,
            "key": draft.key or ids.random().replace("-", ""),
            "service": draft.service,
            "policy": policy,
            "status": "triggered",
            "urgency": draft.urgency,
            "priority": draft.priority,
            "changed_by": draft.agent,
            "assigned_via": "direct_assignment",
            "level": 0,
            "body": draft.body,
            "product": draft.product,
            **dict.fromkeys(("created_at", "updated_at", "changed_at", "level_since"), stamp),
            **dict.fromkeys(("resolved_at", "reopened_at", "snoozed_until", "merged_into")),
            **{name: [] for name in LISTS},
        }
        if draft.details is not None:
            doc["alerts"].append(self._alert(draft, doc["key"], stamp))
        return doc

    def _alert(self, draft: Draft, key: str, stamp: str) -> Doc:
        """The alert of the event that makes an incident."""
        return {
            "id": ids.pagerduty(self.box.store),
            "summary": draft.title,
            "at": stamp,
            "status": "triggered",
            "key": key,
            "details": draft.details,
            "contexts": draft.contexts,
        }

    def reach(self, policy: str, level: int, now: datetime) -> tuple[list[str], int]:
        """Who is on call on that level or the next one that has somebody, and which level that is."""
        levels = self.directory.policies[policy].levels
        for number in range(level, len(levels) + 1):
            people: list[str] = []
            for name in levels[number - 1][0]:
                schedule = self.directory.schedules[ids.fixed("schedule", name)]
                who = schedules.on_call(schedule, self.box.store, now)
                if who and ids.fixed("user", who) not in people:
                    people.append(ids.fixed("user", who))
            if people:
                return people, number
        return [], 0

    def assign(self, doc: Doc, people: Sequence[str], level: int, now: datetime) -> None:
        """Put it into somebody's hands; level 0 is a direct assignment."""
        doc["assignments"] = [{"at": iso(now), "user": user} for user in people]
        doc["level"], doc["level_since"] = level, iso(now)
        doc["assigned_via"] = "escalation_policy" if level else "direct_assignment"

    def _notify(self, doc: Doc, people: Sequence[str], now: datetime) -> None:
        """A push notification to each."""
        for user in people:
            channel = {"type": "auto", "notification": {"type": "push_notification", "status": "success"}}
            log.write(self.box.store, doc, "notify", now, None, channel, assignees=[user])

    def save(self, doc: Doc, now: datetime) -> Doc:
        """Keep the incident as it now is."""
        doc["updated_at"] = iso(now)
        return self.box.store.put(KIND, doc["id"], doc)

    def tell(self, kind: str, doc: Doc, agent: Doc | None, now: datetime, data: Doc | None = None) -> None:
        """Queue the webhook of an act, and tell whoever else listens."""
        body = events.event(self.directory, kind, now, agent, data or events.incident(self.directory, doc))
        self.box.hooks.queue("pagerduty", doc["id"], body, events.headers())
        for listener in self.listeners:
            listener(kind, doc)

    def change(self, doc: Doc, status: str, agent: Doc, now: datetime) -> None:
        """A new status, with when and by whom."""
        doc["status"], doc["changed_at"], doc["changed_by"] = status, iso(now), agent
        doc["resolved_at"] = iso(now) if status == "resolved" else None
        for alert in doc["alerts"]:
            alert["status"] = "resolved" if status == "resolved" else "triggered"

    def acknowledge(self, doc: Doc, user: str, channel: Doc = API) -> Doc:
        """Somebody takes it. Acknowledging a resolved incident reopens it in their hands; twice by one is once."""
        now, agent = self.box.clock.now(), {"user": user}
        if any(held["user"] == user for held in doc["acknowledgements"]):
            return doc
        if doc["status"] == "resolved":
            self._reopen(doc, agent, channel, now)
            self.assign(doc, [user], 0, now)
        self.change(doc, "acknowledged", agent, now)
        doc["acknowledgements"].append({"at": iso(now), "user": user})
        doc["snoozed_until"] = None
        log.write(self.box.store, doc, "acknowledge", now, agent, channel)
        self.save(doc, now)
        self.tell("acknowledged", doc, agent, now)
        return doc

    def resolve(self, doc: Doc, user: str, resolution: str = "", channel: Doc = API) -> Doc:
        """Somebody resolves it; raises Problem when it is resolved already."""
        if doc["status"] == "resolved":
            raise invalid("Incident Already Resolved")
        now, agent = self.box.clock.now(), {"user": user}
        self.change(doc, "resolved", agent, now)
        doc["assignments"], doc["acknowledgements"], doc["snoozed_until"] = [], [], None
        more = {"note": resolution} if resolution else {}
        log.write(self.box.store, doc, "resolve", now, agent, channel, **more)
        self.save(doc, now)
        self.tell("resolved", doc, agent, now)
        return doc

    def trigger(self, doc: Doc, user: str, people: Sequence[str] = (), channel: Doc = API) -> Doc:
        """Back to ringing: reopens what is resolved, takes back an acknowledgement."""
        now, agent = self.box.clock.now(), {"user": user}
        if doc["status"] == "triggered":
            return doc
        kind = "reopened" if doc["status"] == "resolved" else "unacknowledged"
        if kind == "reopened":
            self._reopen(doc, agent, channel, now)
        else:
            log.write(self.box.store, doc, "unacknowledge", now, agent, channel)
        self.change(doc, "triggered", agent, now)
        doc["acknowledgements"], doc["snoozed_until"] = [], None
        reached, level = (list(people), 0) if people else self.reach(doc["policy"], 1, now)
        self.assign(doc, reached, level, now)
        if kind == "reopened":
            log.write(self.box.store, doc, "assign", now, agent, {"type": "auto"}, assignees=reached)
        self._notify(doc, reached, now)
        self.save(doc, now)
        self.tell(kind, doc, agent, now)
        return doc

    def _reopen(self, doc: Doc, agent: Doc, channel: Doc, now: datetime) -> None:
        """Mark that a resolved incident lives again; a merged one cannot."""
        if doc["merged_into"]:
            raise Problem(400, 2001, "Invalid Input Provided", ["Incident was merged and cannot be reopened"])
        doc["reopened_at"] = iso(now)
        log.write(self.box.store, doc, "reopen", now, agent, channel)

    def due_at(self, doc: Doc) -> datetime | None:
        """When something happens to it by itself: a snooze ends, or the next level is rung."""
        if doc["snoozed_until"]:
            return parse(doc["snoozed_until"])
        if doc["status"] == "triggered" and doc["level"]:
            minutes = self.directory.policies[doc["policy"]].levels[doc["level"] - 1][1]
            return parse(doc["level_since"]) + timedelta(minutes=minutes)
        return None

    def keep_override(self, schedule: str, who: str, start: datetime, end: datetime) -> Doc:
        """Make an override of a schedule (by name) for a person (by key)."""
        key = ids.pagerduty(self.box.store)
        doc = {"id": key, "schedule": schedule, "user": who, "start": iso(start), "end": iso(end)}
        return self.box.store.put("pd_override", key, doc)
