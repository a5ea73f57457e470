"""The REST API's routes about what hangs on an incident: notes, alerts, snoozing, merging, responders."""

from starlette.requests import Request
from starlette.responses import JSONResponse

from sandbox.pagerduty import shapes
from sandbox.pagerduty.answers import invalid, not_found, page, requester
from sandbox.pagerduty.api import IncidentRoutes, _object
from sandbox.store import Doc, Missing

LONGEST_SNOOZE = 604_800


class PartRoutes(IncidentRoutes):
    """The same incidents, one level deeper."""

    def notes(self, request: Request, body: Doc) -> Doc:
        """GET /incidents/{id}/notes."""
        doc = self.find(request)
        return {"notes": [shapes.note(self.directory, note) for note in doc["notes"]]}

    def add_note(self, request: Request, body: Doc) -> Doc:
        """POST /incidents/{id}/notes."""
        user = requester(request, self.directory)
        doc = self.find(request)
        content = str(_object(body, "note").get("content") or "")
        if not content.strip():
            raise invalid("Content cannot be empty")
        return {"note": shapes.note(self.directory, self.incidents.note(doc, content, user))}

    def snooze(self, request: Request, body: Doc) -> JSONResponse:
        """POST /incidents/{id}/snooze: `duration` in seconds, up to a week."""
        user = requester(request, self.directory)
        doc = self.find(request)
        duration = body.get("duration")
        if not isinstance(duration, int) or not 1 <= duration <= LONGEST_SNOOZE:
            raise invalid("Duration must be between 1 and 604800 seconds")
        self.incidents.snooze(doc, duration, user)
        return JSONResponse({"incident": shapes.incident(self.directory, doc)}, 201)

    def merge(self, request: Request, body: Doc) -> Doc:
        """PUT /incidents/{id}/merge: the sources end, the target lives on."""
        user = requester(request, self.directory)
        doc = self.find(request)
        try:
            sources = [self.incidents.find(str(ref.get("id"))) for ref in body.get("source_incidents") or []]
        except Missing:
            raise not_found() from None
        if not sources:
            raise invalid("Source incidents cannot be empty")
        self.incidents.merge(doc, sources, user)
        return {"incident": self.directory.ref("incident", doc["id"], f"[#{doc['number']}] {doc['title']}")}

    def alerts(self, request: Request, body: Doc) -> Doc:
        """GET /incidents/{id}/alerts."""
        doc = self.find(request)
        return page(request, "alerts", [shapes.alert(self.directory, doc, alert) for alert in doc["alerts"]])

    def add_responders(self, request: Request, body: Doc) -> Doc:
        """POST /incidents/{id}/responder_requests."""
        user = requester(request, self.directory)
        doc = self.find(request)
        targets = [item.get("responder_request_target") or {} for item in body.get("responder_request_targets") or []]
        people = [str(target.get("id")) for target in targets]
        if not people or any(who not in self.directory.users for who in people):
            raise invalid("Responder request targets are invalid")
        request_doc = self.incidents.add_responders(doc, people, str(body.get("message") or ""), user)
        return {"responder_request": request_doc}
