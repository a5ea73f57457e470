"""The control address: what scenarios there are, the clock, acts by hand, and everything that is kept."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from json import JSONDecodeError

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.acts.base import ACTS, BadAct
from sandbox.clock import iso, parse
from sandbox.pagerduty import log, shapes
from sandbox.player import Player
from sandbox.scenarios import SCENARIOS
from sandbox.store import Doc
from sandbox.zendesk import shapes as zendesk_shapes

MODES = ("down", "slow", "ok")
VENDORS = ("pagerduty", "slack", "zendesk_global", "zendesk_us_gov")


class Control:
    """One method a route."""

    def __init__(self, player: Player) -> None:
        """Speaks for one sandbox."""
        self.player = player
        self.vendors = player.vendors
        self.box = player.vendors.box
        self.store = self.box.store

    def summary(self, request: Request, body: Doc) -> Doc:
        """GET /: the time, what plays, and how much there is."""
        webhooks = self.store.all("webhook")
        return {
            "now": iso(self.box.clock.now()),
            "rate": self.box.clock.line["rate"],
            "scenario": self.player.scenario(),
            "pages": len(self.vendors.pagerduty.all()),
            "tickets": sum(len(tickets.all()) for tickets in self.vendors.tickets.values()),
            "messages": len(self.store.all("sl_message")),
            "acts_to_come": len(self.store.all("due")),
            "webhooks": len(webhooks),
            "webhooks_pending": sum(doc["state"] == "pending" for doc in webhooks),
            "acts": sorted(ACTS),
            "faults": {doc["vendor"]: doc["mode"] for doc in self.store.all("fault")},
        }

    def scenarios(self, request: Request, body: Doc) -> JSONResponse:
        """GET /scenarios: each with the next date that is its own."""
        now = self.box.clock.now()
        return JSONResponse(
            [
                {
                    "name": s.name,
                    "title": s.title,
                    "text": s.text,
                    "starts_at": iso(s.starts_at(now)),
                    "seconds": s.seconds(),
                }
                for s in SCENARIOS.values()
            ]
        )

    def play(self, request: Request, body: Doc) -> Doc:
        """POST /scenarios/{name}: from `at`, or now."""
        name = request.path_params["name"]
        if name not in SCENARIOS:
            raise BadAct(f"There is no scenario {name!r}. There are: {', '.join(SCENARIOS)}.")
        at = parse(str(body["at"])) if body.get("at") else self.box.clock.now()
        return self.player.play(name, at, bool(body.get("reset")))

    def clock(self, request: Request, body: Doc) -> Doc:
        """POST /clock: real_start, demo_start (RFC 3339 or seconds) and rate; GET tells them."""
        if request.method == "POST":
            rate = float(body.get("rate", 1))
            if rate <= 0:
                raise BadAct("'rate' must be more than 0.")
            self.box.clock.set(_seconds(body, "real_start"), _seconds(body, "demo_start"), rate)
        return self.box.clock.line | {"now": iso(self.box.clock.now())}

    def reset(self, request: Request, body: Doc) -> Doc:
        """POST /reset: forget all that happened."""
        self.player.reset()
        return self.summary(request, body)

    def act(self, request: Request, body: Doc) -> Doc:
        """POST /acts/{act}: answers the ids of what was made."""
        return self.player.do(request.path_params["act"], body)

    def faults(self, request: Request, body: Doc) -> Doc:
        """POST /faults: `vendor` and `mode` (down, slow with `seconds`, ok); `webhooks` off or on."""
        if "webhooks" in body:
            mode = "off" if body["webhooks"] in ("off", False) else "on"
            self.store.put("fault", "webhooks", {"vendor": "webhooks", "mode": mode})
        if "vendor" in body:
            if body["vendor"] not in VENDORS or body.get("mode") not in MODES:
                raise BadAct(f"'vendor' is one of {', '.join(VENDORS)}, 'mode' one of {', '.join(MODES)}.")
            fault = {"vendor": body["vendor"], "mode": body["mode"], "seconds": float(body.get("seconds", 5))}
            self.store.put("fault", body["vendor"], fault)
        return {"faults": self.store.all("fault")}

    def state(self, request: Request, body: Doc) -> Doc:
        """GET /state: everything, for checks."""
        directory = self.vendors.pagerduty.directory
        return {
            "now": iso(self.box.clock.now()),
            "incidents": [
                shapes.incident(directory, doc, ["body"])
                | {
                    "log_entries": [log.show(directory, doc, entry, True) for entry in doc["log"]],
                    "notes": [shapes.note(directory, note) for note in doc["notes"]],
                    "alerts": [shapes.alert(directory, doc, alert) for alert in doc["alerts"]],
                }
                for doc in self.vendors.pagerduty.all()
            ],
            "tickets": {
                name: [
                    zendesk_shapes.ticket(tickets.account, doc) | {"comments": doc["comments"], "audits": doc["audits"]}
                    for doc in tickets.all()
                ]
                for name, tickets in self.vendors.tickets.items()
            },
            "slack": [
                doc | {"channel_name": self.vendors.slack.channels[doc["channel"]]}
                for doc in self.store.all("sl_message")
            ],
            "webhooks": self.store.all("webhook"),
            "runs": self.store.all("run"),
            "acts_to_come": self.store.all("due"),
        }


def app(player: Player) -> Starlette:
    """The application."""
    control = Control(player)
    table: list[tuple[list[str], str, Callable[[Request, Doc], Doc | Response]]] = [
        (["GET"], "/", control.summary),
        (["GET"], "/healthz", control.summary),
        (["GET"], "/scenarios", control.scenarios),
        (["POST"], "/scenarios/{name}", control.play),
        (["GET", "POST"], "/clock", control.clock),
        (["POST"], "/reset", control.reset),
        (["POST"], "/acts/{act}", control.act),
        (["GET"], "/state", control.state),
        (["POST"], "/faults", control.faults),
    ]
    return Starlette(routes=[Route(path, _wrap(player, handler), methods=methods) for methods, path, handler in table])


def _wrap(
    player: Player, handler: Callable[[Request, Doc], Doc | Response]
) -> Callable[[Request], Awaitable[Response]]:
    """Read the body, answer within one transaction, say what is wrong in a sentence."""

    async def answer(request: Request) -> Response:
        try:
            body = await request.json() if await request.body() else {}
            if not isinstance(body, dict):
                raise BadAct("The body must be a JSON object.")
            with player.store.transaction():
                result = handler(request, body)
        except (BadAct, JSONDecodeError, ValueError) as problem:
            return JSONResponse({"error": str(problem)}, 400)
        return result if isinstance(result, Response) else JSONResponse(result)

    return answer


def _seconds(body: Doc, name: str) -> float:
    """A time as seconds since the epoch; raises BadAct."""
    value = body.get(name)
    if isinstance(value, int | float):
        return float(value)
    try:
        moment: datetime = parse(str(value))
    except ValueError:
        raise BadAct(f"{name!r} must be a time.") from None
    return moment.timestamp()
