"""Who has an incident: escalating, reassigning, delegating, asking others in, snoozing, merging, notes, and what
happens by itself."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sandbox import ids
from sandbox.clock import iso
from sandbox.pagerduty import events, log
from sandbox.pagerduty.answers import Problem, invalid
from sandbox.pagerduty.incidents import API, KIND, Incidents
from sandbox.store import Doc

TIMEOUT: Doc = {"type": "timeout"}
MAX_STEPS = 20


class Handing(Incidents):
    """The acts that move an incident between people, on top of those that change its status."""

    def escalate(self, doc: Doc, level: int, user: str | None, channel: Doc = API) -> Doc:
        """Ring a level of the policy (1 is the first). `user` None: the time ran out."""
        now = self.box.clock.now()
        self._require_open(doc)
        people, reached = self.reach(doc["policy"], level, now)
        if not people:
            raise invalid("Escalation level has nobody on call")
        self._ring(doc, people, reached, user, channel, now)
        return doc

    def _ring(self, doc: Doc, people: list[str], level: int, user: str | None, channel: Doc, now: datetime) -> None:
        """Move to a level; an acknowledgement ends with it."""
        agent = {"user": user} if user else None
        doc["acknowledgements"] = []
        if doc["status"] != "triggered":
            self.change(doc, "triggered", agent or {"service": doc["service"]}, now)
        self.assign(doc, people, level, now)
        log.write(self.box.store, doc, "escalate", now, agent, channel, assignees=people)
        self._notify(doc, people, now)
        self.save(doc, now)
        self.tell("escalated", doc, agent, now)

    def reassign(self, doc: Doc, people: Sequence[str], user: str, channel: Doc = API) -> Doc:
        """Into the hands of named people; it rings them."""
        now, agent = self.box.clock.now(), {"user": user}
        self._require_open(doc)
        doc["acknowledgements"] = []
        self.change(doc, "triggered", agent, now)
        self.assign(doc, people, 0, now)
        log.write(self.box.store, doc, "assign", now, agent, channel, assignees=list(people))
        self._notify(doc, people, now)
        self.save(doc, now)
        self.tell("reassigned", doc, agent, now)
        return doc

    def delegate(self, doc: Doc, policy: str, user: str, channel: Doc = API) -> Doc:
        """To another escalation policy, from its first level; it rings there."""
        now, agent = self.box.clock.now(), {"user": user}
        self._require_open(doc)
        people, level = self.reach(policy, 1, now)
        if not people:
            raise invalid("Escalation policy has nobody on call")
        doc["policy"], doc["acknowledgements"] = policy, []
        self.change(doc, "triggered", agent, now)
        self.assign(doc, people, level, now)
        log.write(self.box.store, doc, "delegate", now, agent, channel, assignees=people)
        self._notify(doc, people, now)
        self.save(doc, now)
        self.tell("delegated", doc, agent, now)
        return doc

    def snooze(self, doc: Doc, seconds: int, user: str, channel: Doc = API) -> Doc:
        """Quiet for a while, then it rings again. Snoozing acknowledges what rings."""
        now, agent = self.box.clock.now(), {"user": user}
        self._require_open(doc)
        if doc["status"] == "triggered":
            self.acknowledge(doc, user, channel)
        doc["snoozed_until"] = iso(now + timedelta(seconds=seconds))
        actions = [{"type": "unacknowledge", "at": doc["snoozed_until"]}]
        log.write(self.box.store, doc, "snooze", now, agent, {**channel, "duration": seconds}, changed_actions=actions)
        return self.save(doc, now)

    def note(self, doc: Doc, content: str, user: str, channel: Doc = API) -> Doc:
        """Write a note; answers the note."""
        now, agent = self.box.clock.now(), {"user": user}
        made = {
            "id": ids.pagerduty(self.box.store),
            "user": user,
            "content": content,
            "at": iso(now),
            "channel": channel["type"],
        }
        doc["notes"].append(made)
        log.write(self.box.store, doc, "annotate", now, agent, {"type": "note", "summary": content}, note=content)
        self.save(doc, now)
        self.tell("annotated", doc, agent, now, events.note(self.directory, doc, made))
        return made

    def merge(self, target: Doc, sources: Sequence[Doc], user: str, channel: Doc = API) -> Doc:
        """Merge incidents into another: they end as resolved by merging, their alerts move."""
        now, agent = self.box.clock.now(), {"user": user}
        self._require_open(target)
        for source in sources:
            if source["id"] == target["id"] or source["merged_into"]:
                raise invalid("Incident cannot be merged")
        for source in sources:
            target["alerts"] += source["alerts"]
            source["alerts"], source["merged_into"] = [], target["id"]
            if source["status"] != "resolved":
                self.change(source, "resolved", agent, now)
                source["assignments"], source["acknowledgements"], source["snoozed_until"] = [], [], None
                log.write(
                    self.box.store,
                    source,
                    "resolve",
                    now,
                    agent,
                    {**channel, "summary": "Merged"},
                    note=f"Merged into #{target['number']}",
                )
            self.save(source, now)
            self.tell("resolved", source, agent, now)
        return self.save(target, now)

    def add_responders(self, doc: Doc, people: Sequence[str], message: str, user: str) -> Doc:
        """Ask others to join; answers the request."""
        now = self.box.clock.now()
        request = {
            "id": ids.pagerduty(self.box.store),
            "incident": self.directory.ref("incident", doc["id"], doc["title"]),
            "requester": self.directory.user_ref(user),
            "requested_at": iso(now),
            "message": message,
            "responder_request_targets": [{"responder_request_target": self.directory.user_ref(who)} for who in people],
        }
        doc["responder_requests"].append(request)
        self.save(doc, now)
        for who in people:
            self.tell("responder.added", doc, {"user": user}, now, events.responder(self.directory, doc, who, message))
        return request

    def set_field(self, doc: Doc, name: str, value: str, user: str) -> Doc:
        """Change title, urgency or priority (id)."""
        now, agent = self.box.clock.now(), {"user": user}
        if doc[name] == value:
            return doc
        doc[name] = value
        if name == "urgency":
            log.write(self.box.store, doc, "urgency_change", now, agent, API)
        self.save(doc, now)
        if name == "priority":
            self.tell("priority_updated", doc, agent, now)
        return doc

    def _require_open(self, doc: Doc) -> None:
        if doc["status"] == "resolved":
            raise Problem(400, 2001, "Invalid Input Provided", ["Incident Already Resolved"])

    def tick(self) -> None:
        """Let happen what is due: the next level rings, a snooze ends, nobody is left to ring."""
        now = self.box.clock.now()
        for doc in self.box.store.all(KIND):
            for _ in range(MAX_STEPS):
                due = self.due_at(doc)
                if due is None or due > now:
                    break
                self._lapse(doc, due)

    def _lapse(self, doc: Doc, due: datetime) -> None:
        """One thing that the passing of time does, at its own time."""
        if doc["snoozed_until"]:
            doc["snoozed_until"], doc["acknowledgements"] = None, []
            self.change(doc, "triggered", {"service": doc["service"]}, due)
            log.write(self.box.store, doc, "unacknowledge", due, None, TIMEOUT)
            doc["level_since"] = iso(due)
            self.save(doc, due)
            self.tell("unacknowledged", doc, None, due)
            return
        people, level = self.reach(doc["policy"], doc["level"] + 1, due)
        if people:
            self._ring(doc, people, level, None, TIMEOUT, due)
            return
        doc["level"] = 0
        log.write(self.box.store, doc, "exhaust_escalation_path", due, None, TIMEOUT)
        self.save(doc, due)
