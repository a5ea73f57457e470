"""The composer's three panels, and the dialogs of an emergency: what stands in them for one person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec
from msgspec.structs import replace

from ceoc.access.viewer import Viewer
from ceoc.people import seats
from emergencies.queries.emergency import View
from emergencies.queries.phrases import subject_words, upfirst
from emergencies.story.entries import Ref


class Panel(msgspec.Struct, frozen=True):
    """One audience: who reads it, what its button does, the text that is kept.

    `closed` says why nothing can be sent.
    """

    audience: str
    tab: str
    icon: str
    hot: str
    to: str
    label: str
    placeholder: str
    button: str
    queued: str
    current: bool = False
    choose: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    closed: str = ""
    text: str = ""
    kept_at: datetime | None = None


class Composer(msgspec.Struct, frozen=True):
    """The three panels with the addresses that they use."""

    address: str
    draft: str
    own: str
    panels: tuple[Panel, ...]


NO_TICKET = "No ticket is tied to this emergency yet. Tie one, and you can write here."
WENT_AWAY = "This emergency went into another one. Write there."


def composer(
    view: View, drafts: Mapping[str, tuple[str, datetime]], current: str = "public", no_seat: str = ""
) -> Composer:
    """The composer of an emergency with a person's drafts; `no_seat` says why they may not write on tickets. No
    query."""
    base = f"/emergencies/{view.head.id}/"
    panels = (_on_ticket(_public(view), view, no_seat), _on_ticket(_internal(), view, no_seat), _thread(view))
    kept = [_as_kept(panel, drafts.get(panel.audience), current=panel.audience == current) for panel in panels]
    return Composer(f"{base}reply/", f"{base}draft/", f"{base}composer/", tuple(kept))


def _public(view: View) -> Panel:
    contact = next((fact for fact in view.facts.customer if fact.label == "Contact"), None)
    who = f"{contact.value} ({contact.source})" if contact and contact.source else contact.value if contact else ""
    return Panel(
        audience="public",
        tab="Public reply",
        icon="mail",
        hot="r",
        to=f"The customer reads this: {who or 'everybody on the ticket'}",
        label=f"Public reply to {view.head.customer}",
        placeholder="Say that you are here, and what happens next",
        button="Send to the customer",
        queued="Sending…",
    )


def _internal() -> Panel:
    return Panel(
        audience="internal",
        tab="Internal note",
        icon="lock",
        hot="i",
        to="The team reads this on the ticket. The customer does not; it is no contact.",
        label="Internal note on the ticket",
        placeholder="Complete ideas, not snippets",
        button="Save for the team",
        queued="Saving…",
    )


def _thread(view: View) -> Panel:
    channel = view.facts.threads[0].channel if view.facts.threads else ""
    return Panel(
        audience="thread",
        tab="Slack thread",
        icon="hash",
        hot="s",
        to=f"{upfirst(channel)} reads this" if channel else "Slack reads this: there is no thread yet, this begins one",
        label="Message in Slack",
        placeholder="What the team should know now",
        button="Post in the thread" if channel else "Start the thread",
        queued="Posting…",
        closed=WENT_AWAY if view.joined_into else "",
    )


def no_seat(view: View, viewer: Viewer) -> str:
    """Why the viewer may not write on the emergency's tickets; "" when they may, or it is not known. One query, none
    for who may not write at all or without a ticket."""
    if not view.tickets or not viewer.may("work"):
        return ""
    return seats.why_not(viewer.email, Ref.parse(view.tickets[0]).account)


def _on_ticket(panel: Panel, view: View, no_seat: str) -> Panel:
    """Which ticket, where there are several; why nothing can be written, where that is so."""
    if view.joined_into or not view.tickets:
        return replace(panel, closed=WENT_AWAY if view.joined_into else NO_TICKET)
    if no_seat:
        return replace(panel, closed=no_seat)
    if len(view.tickets) == 1:
        return panel
    return replace(panel, choose="In", choices=tuple((key, subject_words(key)) for key in view.tickets))


def _as_kept(panel: Panel, draft: tuple[str, datetime] | None, *, current: bool) -> Panel:
    text, kept_at = draft or ("", None)
    return replace(panel, current=current, text=text, kept_at=kept_at)
