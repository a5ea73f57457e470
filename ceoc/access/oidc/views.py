"""To the provider, and back from it."""

from __future__ import annotations

import structlog
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from ceoc import clock
from ceoc.access import sessions
from ceoc.access.gate import public
from ceoc.access.oidc import known, trips
from ceoc.access.oidc.claims import arrival
from ceoc.access.oidc.config import Config
from ceoc.access.oidc.door import Door
from ceoc.access.oidc.follow import follow
from ceoc.access.oidc.refusals import Refused, Unavailable
from ceoc.access.pages import safe_next
from ceoc.access.turned_away import does_not_answer, turned_away

log = structlog.get_logger(__name__)


@public
@require_GET
def to_provider(request: HttpRequest) -> HttpResponse:
    """Sends the browser to the provider; to the sign-in page, which says so, when the provider does not answer."""
    config, wanted = _config(), safe_next(request, request.GET.get("next"))
    try:
        endpoints = known.endpoints(config)
    except Unavailable:
        return redirect(reverse("sign-in", query={"next": wanted}))
    if request.viewer:
        return redirect(wanted)
    return redirect(trips.begin(request.session, config, endpoints, next=wanted, wall=clock.wall()))


@public
@require_GET
def back(request: HttpRequest) -> HttpResponse:
    """What the provider answered: signs in, or says why not."""
    config = _config()
    try:
        trip, code = trips.end(request.session, request.GET, wall=clock.wall())
        door = Door(config, known.endpoints(config))
        claims = door.claims(code, nonce=trip.nonce, verifier=trip.verifier, back=trips.way_back())
        person = follow(arrival(claims, config), config)
    except Refused as refusal:
        return turned_away(request, str(refusal), reason=refusal.reason, email=refusal.email)
    except Unavailable as trouble:
        log.warning("provider.does_not_answer", reason=str(trouble))
        return does_not_answer(request)
    sessions.begin(request, person, came="provider", reason=f"by {config.by}")
    return redirect(safe_next(request, trip.next))


def _config() -> Config:
    """The provider's settings; where there is none, the address does not exist."""
    if settings.OIDC is None:
        raise Http404
    config: Config = settings.OIDC
    return config
