"""The REST API's routes about schedules, overrides and who is on call."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox import ids
from sandbox.box import Box
from sandbox.clock import iso, parse
from sandbox.pagerduty import schedules
from sandbox.pagerduty.answers import invalid, many, not_found, page
from sandbox.pagerduty.directory import Directory
from sandbox.pagerduty.incidents import Incidents
from sandbox.pagerduty.schedules import Piece
from sandbox.store import Doc
from sandbox.world.rota import Schedule

LONGEST = timedelta(days=92)


class ScheduleRoutes:
    """Reads of schedules and on-calls; overrides can be made and taken back."""

    def __init__(self, box: Box, incidents: Incidents) -> None:
        """Answers from the box's world and overrides."""
        self.box = box
        self.incidents = incidents
        self.directory: Directory = incidents.directory

    def schedules(self, request: Request, body: Doc) -> Doc:
        """GET /schedules, without rendered entries."""
        query = request.query_params.get("query", "").lower()
        found = [self._schedule(schedule) for schedule in self.directory.schedules.values()]
        return page(request, "schedules", [doc for doc in found if query in doc["name"].lower()])

    def schedule(self, request: Request, body: Doc) -> Doc:
        """GET /schedules/{id}: with layers, overrides and final schedule between `since` and `until` (two weeks)."""
        schedule = self._find(request)
        since, until = self._range(request, timedelta(days=14))
        zone = self._zone(request, schedule)
        doc = self._schedule(schedule)
        doc["schedule_layers"] = [
            self._layer(schedule, number, since, until, zone) for number in reversed(range(len(schedule.layers)))
        ]
        final = schedules.render(schedule, self.box.store, since, until)
        changed = schedules.overrides(schedule, self.box.store, since, until)
        doc["final_schedule"] = self._part("Final Schedule", final, since, until, zone)
        doc["overrides_subschedule"] = self._part("Overrides", changed, since, until, zone)
        return {"schedule": doc}

    def _find(self, request: Request) -> Schedule:
        try:
            return self.directory.schedules[request.path_params["id"]]
        except KeyError:
            raise not_found() from None

    def _zone(self, request: Request, schedule: Schedule) -> ZoneInfo:
        try:
            return ZoneInfo(request.query_params.get("time_zone") or schedule.zone)
        except (ZoneInfoNotFoundError, ValueError):
            raise invalid("Time zone is invalid") from None

    def _range(self, request: Request, default: timedelta) -> tuple[datetime, datetime]:
        """The times asked for; from now on where not given; three months at most."""
        query = request.query_params
        now = self.box.clock.now().replace(microsecond=0)
        try:
            since = parse(query["since"]) if query.get("since") else now
            until = parse(query["until"]) if query.get("until") else since + default
        except ValueError:
            raise invalid("Since and until must be dates.") from None
        if until <= since or until - since > LONGEST:
            raise invalid("Until must be after since, and not more than 3 months later.")
        return since, until

    def _schedule(self, schedule: Schedule) -> Doc:
        """A schedule without its entries."""
        people = dict.fromkeys(who for layer in schedule.layers for who in layer.people)
        policies = [
            policy
            for policy in self.directory.policies.values()
            if any(schedule.name in targets for targets, _ in policy.levels)
        ]
        return self.directory.named("schedule", schedule.name) | {
            "type": "schedule",
            "name": schedule.name,
            "time_zone": schedule.zone,
            "description": schedule.description,
            "users": [self.directory.user_ref(ids.fixed("user", who)) for who in people],
            "teams": [],
            "escalation_policies": [self.directory.named("escalation_policy", policy.name) for policy in policies],
        }

    def _layer(self, schedule: Schedule, number: int, since: datetime, until: datetime, zone: ZoneInfo) -> Doc:
        """One layer with its own rendered entries."""
        layer = schedule.layers[number]
        begin = datetime.combine(schedules.EPOCH_DAY, datetime.min.time(), ZoneInfo(schedule.zone)).isoformat()
        pieces = schedules.layer_pieces(layer, schedule.zone, since, until)
        people = [{"user": self.directory.user_ref(ids.fixed("user", who))} for who in layer.people]
        return {
            "id": ids.fixed("layer", f"{schedule.name} {layer.name}"),
            "name": layer.name,
            "start": begin,
            "end": None,
            "rotation_virtual_start": begin,
            "rotation_turn_length_seconds": layer.turn_days * 86400,
            "users": people,
            "restrictions": schedules.restrictions(layer),
            **self._rendered(pieces, since, until, zone),
        }

    def _part(self, name: str, pieces: list[Piece], since: datetime, until: datetime, zone: ZoneInfo) -> Doc:
        return {"name": name, **self._rendered(pieces, since, until, zone)}

    def _rendered(self, pieces: list[Piece], since: datetime, until: datetime, zone: ZoneInfo) -> Doc:
        """Rendered entries, and how much of the time they cover."""
        covered = sum((piece.end - piece.start for piece in pieces), timedelta())
        entries = [
            {
                "start": piece.start.astimezone(zone).isoformat(),
                "end": piece.end.astimezone(zone).isoformat(),
                "user": self.directory.user_ref(ids.fixed("user", piece.who)),
                "id": ids.random(),
            }
            for piece in pieces
        ]
        return {
            "rendered_schedule_entries": entries,
            "rendered_coverage_percentage": round(100 * (covered / (until - since)), 1),
        }

    def overrides(self, request: Request, body: Doc) -> Doc:
        """GET /schedules/{id}/overrides between since and until; both are required."""
        schedule = self._find(request)
        if not request.query_params.get("since") or not request.query_params.get("until"):
            raise invalid("Since and until are required.")
        since, until = self._range(request, timedelta(days=14))
        return {
            "overrides": [
                self._override(doc)
                for doc in self.box.store.all("pd_override")
                if doc["schedule"] == schedule.name and parse(doc["start"]) < until and parse(doc["end"]) > since
            ]
        }

    def _override(self, doc: Doc) -> Doc:
        return {
            "id": doc["id"],
            "start": doc["start"],
            "end": doc["end"],
            "user": self.directory.user_ref(ids.fixed("user", doc["user"])),
        }

    def add_overrides(self, request: Request, body: Doc) -> JSONResponse:
        """POST /schedules/{id}/overrides: one result for each, 201 or 400 inside."""
        schedule = self._find(request)
        wanted = body.get("overrides") or ([body["override"]] if body.get("override") else [])
        if not wanted:
            raise invalid("Overrides cannot be empty")
        results = [self._add_override(schedule, item) for item in wanted]
        return JSONResponse(results, 201)

    def _add_override(self, schedule: Schedule, item: Doc) -> Doc:
        """The result for one override asked for."""
        user = self.directory.users.get(str((item.get("user") or {}).get("id")))
        try:
            start, end = parse(str(item.get("start"))), parse(str(item.get("end")))
        except ValueError:
            return {"status": 400, "errors": ["Start and end must be dates"]}
        if user is None or end <= start or end <= self.box.clock.now():
            return {"status": 400, "errors": ["Override must have a user and end after its start and after now"]}
        return {
            "status": 201,
            "override": self._override(self.incidents.keep_override(schedule.name, user.key, start, end)),
        }

    def delete_override(self, request: Request, body: Doc) -> Response:
        """DELETE /schedules/{id}/overrides/{override}: ends now what runs (200), forgets what is to come (204)."""
        self._find(request)
        doc = self.box.store.get("pd_override", request.path_params["override"])
        if doc is None:
            raise not_found()
        now = self.box.clock.now()
        if parse(doc["end"]) <= now:
            raise invalid("Override has ended")
        if parse(doc["start"]) <= now:
            self.box.store.put("pd_override", doc["id"], doc | {"end": iso(now)})
            return Response(status_code=200)
        self.box.store.delete("pd_override", doc["id"])
        return Response(status_code=204)

    def oncalls(self, request: Request, body: Doc) -> Doc:
        """GET /oncalls: who holds which level of which policy, now or between since and until."""
        since, until = self._range(request, timedelta(seconds=1))
        wanted, people = many(request, "escalation_policy_ids"), many(request, "user_ids")
        named = many(request, "schedule_ids")
        found = []
        for key, policy in self.directory.policies.items():
            for level, (targets, _) in enumerate(policy.levels, 1):
                for name in targets:
                    schedule = self.directory.schedules[ids.fixed("schedule", name)]
                    if (not wanted or key in wanted) and (not named or ids.fixed("schedule", name) in named):
                        found += self._oncall(key, level, schedule, since, until)
        found = [doc for doc in found if not people or doc["user"]["id"] in people]
        if request.query_params.get("earliest") == "true":
            found = _earliest(found)
        return page(request, "oncalls", found)

    def _oncall(self, policy: str, level: int, schedule: Schedule, since: datetime, until: datetime) -> list[Doc]:
        """The people of one schedule in one level; the whole shift's start and end, not cut to the times asked for."""
        wide = schedules.render(schedule, self.box.store, since - timedelta(days=8), until + timedelta(days=8))
        return [
            {
                "escalation_policy": self.directory.by_id("escalation_policy", policy),
                "escalation_level": level,
                "schedule": self.directory.named("schedule", schedule.name),
                "user": self.directory.user_ref(ids.fixed("user", piece.who)),
                "start": iso(piece.start),
                "end": iso(piece.end),
            }
            for piece in wide
            if piece.start < until and piece.end > since
        ]


def _earliest(found: list[Doc]) -> list[Doc]:
    """Only the first shift of each person in each level and schedule."""
    kept: dict[tuple[str, int, str, str], Doc] = {}
    for doc in sorted(found, key=lambda doc: str(doc["start"])):
        kept.setdefault(
            (doc["escalation_policy"]["id"], doc["escalation_level"], doc["schedule"]["id"], doc["user"]["id"]), doc
        )
    return list(kept.values())
