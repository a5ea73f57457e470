"""What PagerDuty knows from the start (people, schedules, policies, services) and how it refers to each."""

from typing import Any

from sandbox import ids
from sandbox.store import Doc
from sandbox.world import rota
from sandbox.world.people import BY_EMAIL, BY_KEY, PEOPLE, Person

PATHS = {
    "user": "users",
    "service": "services",
    "escalation_policy": "escalation_policies",
    "schedule": "schedules",
    "priority": "priorities",
    "incident": "incidents",
    "team": "teams",
}


WAYS = {
    "phone": "phone_contact_method",
    "sms": "sms_contact_method",
    "push": "push_notification_contact_method",
    "email": "email_contact_method",
}
LABELS = {"phone": "Mobile", "sms": "Mobile", "push": "iPhone", "email": "Default"}


class Directory:
    """The standing objects, by id, and references to them with the sandbox's own address."""

    def __init__(self, base: str) -> None:
        """`base` is the address that the API answers on."""
        self.base = base
        self.users = {ids.fixed("user", person.key): person for person in PEOPLE}
        self.services = {ids.fixed("service", service.name): service for service in rota.SERVICES}
        self.policies = {ids.fixed("escalation_policy", policy.name): policy for policy in rota.POLICIES}
        self.schedules = {ids.fixed("schedule", schedule.name): schedule for schedule in rota.SCHEDULES}
        self.priorities = {ids.fixed("priority", name): name for name in rota.PRIORITIES}

    def ref(self, kind: str, key: str, summary: str | None) -> Doc:
        """A reference as PagerDuty writes it."""
        path = PATHS[kind]
        return {
            "id": key,
            "type": f"{kind}_reference",
            "summary": summary,
            "self": f"{self.base}/{path}/{key}",
            "html_url": None if kind == "priority" else f"{self.base}/{path}/{key}",
        }

    def user_ref(self, key: str) -> Doc:
        """A reference to a user by id."""
        return self.ref("user", key, self.users[key].name)

    def named(self, kind: str, name: str) -> Doc:
        """A reference to a service, policy, schedule or priority by name."""
        return self.ref(kind, ids.fixed(kind, name), name)

    def integration(self, service: str) -> Doc:
        """A reference to the service's inbound integration, through which Zendesk pages."""
        key = ids.fixed("integration", service)
        path = f"{self.base}/services/{service}/integrations/{key}"
        return {
            "id": key,
            "type": "events_api_v2_inbound_integration_reference",
            "summary": "Zendesk",
            "self": path,
            "html_url": path,
        }

    def by_id(self, kind: str, key: str) -> Doc:
        """A reference to a standing object by id; raises KeyError."""
        tables: dict[str, dict[str, Any]] = {
            "user": self.users,
            "service": self.services,
            "escalation_policy": self.policies,
            "schedule": self.schedules,
            "priority": self.priorities,
        }
        thing = tables[kind][key]
        return self.ref(kind, key, thing if isinstance(thing, str) else thing.name)

    def user_id(self, who: str) -> str:
        """The id of a user given by id, key or e-mail; raises KeyError."""
        if who in self.users:
            return who
        person = BY_KEY.get(who) or BY_EMAIL[who.lower()]
        return ids.fixed("user", person.key)

    def user(self, key: str) -> Doc:
        """A user in full; raises KeyError."""
        person: Person = self.users[key]
        return self.user_ref(key) | {
            "type": "user",
            "name": person.name,
            "email": person.address,
            "time_zone": person.zone,
            "color": "purple",
            "role": person.pagerduty_role,
            "avatar_url": f"{self.base}/avatars/{key}.png",
            "description": None,
            "invitation_sent": False,
            "job_title": person.title,
            "teams": [],
            "contact_methods": [_part(method, ("id", "summary", "self")) for method in self.contact_methods(key)],
            "notification_rules": [_part(rule, ("id", "summary", "self")) for rule in self.notification_rules(key)],
            "coordinated_incidents": [],
        }

    def contact_methods(self, key: str) -> list[Doc]:
        """By what a user may be reached; raises KeyError."""
        return [self._contact_method(key, way) for way in self.users[key].ways]

    def _contact_method(self, key: str, way: str) -> Doc:
        kind, method = WAYS[way], ids.fixed("contact_method", f"{self.users[key].key} {way}")
        told: Doc = {"id": method, "type": kind, "summary": LABELS[way], "label": LABELS[way], "html_url": None}
        told |= {"self": f"{self.base}/users/{key}/contact_methods/{method}", "address": "2125550100"}
        if way in ("phone", "sms"):
            return told | {"country_code": 1, "enabled": True, "blacklisted": False}
        if way == "push":
            return told | {"address": "0" * 64, "device_type": "ios", "sounds": [], "blacklisted": False}
        return told | {"address": self.users[key].address, "send_short_email": False, "enabled": True}

    def notification_rules(self, key: str) -> list[Doc]:
        """How a user is told of what; raises KeyError."""
        urgencies = [("high", way) for way in self.users[key].rung] + [("low", "email")]
        return [self._rule(key, way, urgency, 2 * number) for number, (urgency, way) in enumerate(urgencies)]

    def _rule(self, key: str, way: str, urgency: str, minutes: int) -> Doc:
        method = self._contact_method(key, way)
        rule = ids.fixed("notification_rule", f"{self.users[key].key} {urgency} {way}")
        return {
            "id": rule,
            "type": "assignment_notification_rule",
            "summary": f"{minutes} minutes: channel {method['id']}",
            "self": f"{self.base}/users/{key}/notification_rules/{rule}",
            "html_url": None,
            "start_delay_in_minutes": minutes,
            "contact_method": _part(method, ("id", "summary", "self")),
            "urgency": urgency,
        }

    def service(self, key: str, created: str, last: str | None) -> Doc:
        """A service in full; `last` is when its latest incident began."""
        service = self.services[key]
        doc = self.named("service", service.name) | {
            "type": "service",
            "name": service.name,
            "description": service.description,
            "created_at": created,
            "status": "active",
            "auto_resolve_timeout": None,
            "acknowledgement_timeout": None,
            "alert_creation": "create_alerts_and_incidents",
            "teams": [],
            "integrations": [self.integration(key)],
            "addons": [],
            "scheduled_actions": [],
            "support_hours": None,
            "incident_urgency_rule": {"type": "constant", "urgency": "high"},
            "escalation_policy": self.named("escalation_policy", service.policy),
        }
        return doc | ({"last_incident_timestamp": last} if last else {})

    def policy(self, key: str) -> Doc:
        """An escalation policy in full."""
        policy = self.policies[key]
        rules = [
            {
                "id": ids.fixed("rule", f"{policy.name} {level}"),
                "escalation_delay_in_minutes": minutes,
                "targets": [self.named("schedule", name) for name in targets],
            }
            for level, (targets, minutes) in enumerate(policy.levels, 1)
        ]
        return self.named("escalation_policy", policy.name) | {
            "type": "escalation_policy",
            "name": policy.name,
            "description": "",
            "num_loops": policy.loops,
            "on_call_handoff_notifications": "if_has_services",
            "escalation_rules": rules,
            "teams": [],
            "services": [self.named("service", s.name) for s in rota.SERVICES if s.policy == policy.name],
        }


def _part(doc: Doc, kept: tuple[str, ...]) -> Doc:
    """A reference to something of a user."""
    return {name: doc[name] for name in kept} | {"type": f"{doc['type']}_reference", "html_url": None}
