"""Says of each view who may come in; the middleware asks for every request, and refuses what says nothing.

The marks only classify, they do not check: `ceoc.access.middleware.Gates` checks, so that the order of decorators
cannot open a door. `functools.wraps` carries the mark through other decorators.

    @require_POST
    @may("work")
    def acknowledge(request, public_id): ...
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeVar

import msgspec

from ceoc.access.roles import CAPABILITIES, Capability
from ceoc.access.scopes import Scope
from ceoc.access.viewer import Viewer

V = TypeVar("V", bound=Callable[..., Any])

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

Answer = Literal["open", "sign_in", "refused", "token"]


class Need(msgspec.Struct, frozen=True):
    """What a method of the API asks: a token of that scope, of a person who has the capability at that moment."""

    method: str
    scope: Scope
    capability: Capability


class Gate(msgspec.Struct, frozen=True):
    """The classification of one view."""

    kind: Literal["public", "signed", "person", "token"]
    capability: Capability | None = None
    own_rows: bool = False
    """Its changes touch only what is one's own, so that a shadow may make them too (security.md 2)."""
    needs: tuple[Need, ...] = ()
    """For a token, by method. A session opens nothing there."""


def public(view: V) -> V:
    """Anybody may look, signed in or not: the sign-in page, health."""
    return _mark(view, Gate("public"))


def public_change(view: V) -> V:
    """Anybody may press it, a shadow too: signing out, changing persona in DEMO. There is little else that fits."""
    return _mark(view, Gate("public", own_rows=True))


def signed(view: V) -> V:
    """A vendor's webhook: the view checks the signature itself; no session and no form token is asked for."""
    view.csrf_exempt = True  # type: ignore[attr-defined]
    return _mark(view, Gate("signed"))


def may(capability: Capability, *, own_rows: bool = False) -> Callable[[V], V]:
    """Signed-in people who have the capability. A shadow may change nothing, unless only its `own_rows` are touched."""
    if capability not in CAPABILITIES:
        raise ValueError(f"{capability!r} is not a capability")

    def mark(view: V) -> V:
        return _mark(view, Gate("person", capability, own_rows))

    return mark


def token(*needs: Need) -> Callable[[V], V]:
    """Whoever holds a token that fits (`ceoc.access.bearer`). No cookie counts, so that no form token is asked for."""

    def mark(view: V) -> V:
        view.csrf_exempt = True  # type: ignore[attr-defined]
        return _mark(view, Gate("token", needs=needs))

    return mark


def gate_of(view: Callable[..., Any]) -> Gate | None:
    """How a view is classified; None when nobody said."""
    found = getattr(view, "gate", None)
    return found if isinstance(found, Gate) else None


def is_unsafe(method: str) -> bool:
    """Whether a request of that method may change something."""
    return method not in SAFE_METHODS


def answer(gate: Gate | None, viewer: Viewer | None, method: str) -> Answer:
    """Whether the gate lets that viewer through with that method."""
    if gate is None or (viewer and viewer.role == "shadow" and is_unsafe(method) and not gate.own_rows):
        return "refused"
    if gate.kind in ("public", "signed"):
        return "open"
    if gate.kind == "token":
        return "token"
    if viewer is None:
        return "refused" if is_unsafe(method) else "sign_in"
    return "open" if gate.capability is not None and viewer.may(gate.capability) else "refused"


def _mark(view: V, gate: Gate) -> V:
    view.gate = gate  # type: ignore[attr-defined]
    return view
