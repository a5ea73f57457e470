"""Takes a webhook in: one signature check, one insert, an answer (security.md 10). Nothing here waits for a vendor or
Redis.

Well signed is always kept, cut at five megabytes. What is not well signed is answered 401, 400 or 413 and counted,
and from one address only so many times a minute.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import structlog
from django.db import DatabaseError, IntegrityError, InterfaceError
from django.http import HttpRequest, HttpResponse, JsonResponse

from ceoc import clock, wake
from ceoc.access.opaque import opaque_id
from ceoc.inbox import refusals
from ceoc.inbox.envelope import Envelope, envelope, readable
from ceoc.inbox.models import Delivery
from ceoc.inbox.signatures import Signature

log = structlog.get_logger(__name__)

KEPT = 5 * 1024 * 1024
"""Bytes of a body that are kept."""
MOST = 64 * 1024 * 1024
"""Bytes of a body that are read at all; no vendor sends a tenth of it."""
PIECE = 64 * 1024

LEFT_OUT = {"Authorization", "Cookie", "Proxy-Authorization"}
"""Headers that no vendor needs to be understood, and that could hold a secret of somebody's."""


class Door(msgspec.Struct, frozen=True):
    """Which vendor's webhook this is, of which account, and what class that makes it until it is understood."""

    vendor: str
    account: str = ""
    klass: str = "us_gov"


class Body(msgspec.Struct):
    """What was read of a body."""

    kept: bytes = b""
    length: int = 0
    right: bool = False

    @property
    def cut(self) -> bool:
        """Whether more came than is kept."""
        return self.length > len(self.kept)


def receive(request: HttpRequest, door: Door, signature: Signature) -> HttpResponse:
    """Keeps the delivery and answers 200; else 401, 400, 413 or 429, or 503 while the database cannot keep it."""
    declared = _declared_length(request)
    if not signature.claimed and declared > KEPT:
        return refusals.refuse(request, door.vendor, "oversized")
    if declared > MOST:
        return refusals.refuse(request, door.vendor, "oversized")
    body = _read(request, signature)
    if body is None:
        return refusals.refuse(request, door.vendor, "oversized")
    if not body.right:
        return refusals.refuse(request, door.vendor, _why(signature, body))
    return _keep(request, door, body)


def _why(signature: Signature, body: Body) -> str:
    if signature.claimed:
        return "wrong_signature"
    if body.cut:
        return "oversized"
    return "unsigned" if readable(body.kept) else "malformed"


def _keep(request: HttpRequest, door: Door, body: Body) -> HttpResponse:
    named = envelope(door.vendor, body.kept)
    try:
        _row(request, door, body, named).save(force_insert=True)
    except IntegrityError:
        log.info("webhook_repeated", vendor=door.vendor, kind=named.kind)
        return _answer(named)
    except (DatabaseError, InterfaceError) as error:
        log.error("webhook_not_kept", vendor=door.vendor, reason=type(error).__name__)
        return HttpResponse(
            "Not kept, send it again.", status=503, content_type="text/plain", headers={"Retry-After": "5"}
        )
    wake.wake("deliveries")
    return _answer(named)


def _answer(named: Envelope) -> HttpResponse:
    if named.challenge:
        return JsonResponse({"challenge": named.challenge})
    return HttpResponse("Kept.", content_type="text/plain")


def _row(request: HttpRequest, door: Door, body: Body, named: Envelope) -> Delivery:
    return Delivery(
        public_id=opaque_id(f"delivery:{door.vendor}:{door.account}:{named.event_id}"),
        klass=door.klass,
        vendor=door.vendor,
        account=door.account,
        event_id=named.event_id,
        kind=named.kind,
        headers={name: value for name, value in request.headers.items() if name not in LEFT_OUT},
        body=body.kept,
        cut=body.cut,
        received_at=clock.now(),
        due_at=clock.wall(),
    )


def _read(request: HttpRequest, signature: Signature) -> Body | None:
    """The body, checked while it comes in and kept up to the limit; None when it goes on for longer than we read."""
    body, kept = Body(), bytearray()
    for piece in _pieces(request):
        body.length += len(piece)
        if body.length > MOST:
            return None
        signature.feed(piece)
        if len(kept) < KEPT:
            kept += piece[: KEPT - len(kept)]
    body.kept, body.right = bytes(kept), signature.claimed and signature.right()
    return body


def _pieces(request: HttpRequest) -> Iterator[bytes]:
    """The raw body. Sent in chunks it has no length, and Django would read none of it: then it is read to its end."""
    chunked = "chunked" in request.headers.get("Transfer-Encoding", "").lower()
    stream = request.META["wsgi.input"] if chunked and "wsgi.input" in request.META else request
    while piece := stream.read(PIECE):
        yield piece


def _declared_length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
