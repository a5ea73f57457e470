"""What a person may say about an emergency, each thing in a dialog of its own."""

from __future__ import annotations

import msgspec

from ceoc.access.models import Person
from ceoc.access.viewer import Viewer
from emergencies.models import Emergency
from emergencies.queries.board import open_emergencies
from emergencies.queries.emergency import View
from emergencies.queries.facts import PageFact
from emergencies.queries.phrases import subject_words, upfirst

Options = tuple[tuple[str, str], ...]


class Field(msgspec.Struct, frozen=True):
    """One field of a dialog: a line of `text`, an `area`, or a `choice` of options."""

    name: str
    words: str
    kind: str = "text"
    options: Options = ()
    hint: str = ""
    required: bool = True
    value: str = ""
    """What stands in it at first; of a `hidden` one what is sent."""


class Button(msgspec.Struct, frozen=True):
    """What sends a dialog's form; `action` where it goes elsewhere than the form says."""

    words: str
    queued: str
    action: str = ""


class Dialog(msgspec.Struct, frozen=True):
    """One dialog."""

    id: str
    title: str
    action: str
    fields: tuple[Field, ...]
    buttons: tuple[Button, ...]
    text: str = ""


class Dialogs(msgspec.Struct, frozen=True):
    """Those of one emergency for one person, and where they are fetched again."""

    own: str
    shown: tuple[Dialog, ...]
    is_dri: bool = False
    """Whether the person is the DRI already, and need not become it."""


WHY = Field("why", "Why", hint="A few words; they are kept in the timeline.")
PERHAPS_WHY = Field("why", "Why (if it is not obvious)", required=False)


def dialogs(view: View, viewer: Viewer) -> Dialogs:
    """The dialogs of an emergency. Two queries: colleagues, other open emergencies."""
    base = f"/emergencies/{view.head.id}/"
    if not viewer.may("work"):
        return Dialogs(f"{base}dialogs/", ())
    shown = [
        _note(base),
        _call(base, view, viewer),
        _tie(base),
        _untie(base, view),
        _join(base, view, viewer),
    ]
    is_dri = view.head.dri.email == viewer.email
    if not is_dri:
        shown.append(_take(base, view))
    shown += [_ring_again(base, page) for page in view.facts.pages if page.held_by]
    if view.pages:
        shown.append(_page_note(base, _choices(view.pages)))
    if view.pages and viewer.may("override"):
        shown.append(_although(base, _choices(view.pages)))
    if not view.tickets:
        shown.append(_dismiss(base))
    return Dialogs(f"{base}dialogs/", tuple(shown), is_dri)


def _ring_again(base: str, page: PageFact) -> Dialog:
    text = f"{page.held_by} has acknowledged this page. That ends, and PagerDuty calls whoever is on call again."
    buttons = (Button("Let it ring again", "Ringing…"),)
    fields = (Field("page", "", "hidden", value=page.key),)
    return Dialog(page.ring_dialog, "Let the page ring again?", f"{base}ring-again/", fields, buttons, text)


def _note(base: str) -> Dialog:
    buttons = (Button("Keep the note", "Keeping it…"),)
    return Dialog("d-note", "Note in the timeline", f"{base}note/", (Field("text", "Note", "area"),), buttons)


def _page_note(base: str, pages: Options) -> Dialog:
    fields = (Field("page", "Page", "choice", pages), Field("text", "Note", "area"))
    buttons = (Button("Send to PagerDuty", "Sending…"),)
    return Dialog("d-page-note", "Note on the page in PagerDuty", f"{base}page-note/", fields, buttons)


def _dismiss(base: str) -> Dialog:
    text = "Only for a page that no ticket belongs to. A ring, or a ticket that is tied later, brings it back."
    buttons = (Button("Put it aside", "Putting it aside…"),)
    return Dialog("d-dismiss", "Say that this is no emergency", f"{base}dismiss/", (WHY,), buttons, text)


def _call(base: str, view: View, viewer: Viewer) -> Dialog:
    people = Person.objects.filter(is_active=True).exclude(email=viewer.email).order_by("name", "email")
    if view.klass == "us_gov":
        people = people.filter(us_gov_cleared=True)
    fields = (
        Field("to", "Colleague", "choice", tuple(people.values_list("email", "name"))),
        Field("text", "What they should know", "area", required=False, value=_in_short(view)),
    )
    text = "PagerDuty rings them by an incident of our own; it makes no emergency (PAGE-13)."
    return Dialog("d-call", "Call a colleague", f"{base}call/", fields, (Button("Call them", "Calling…"),), text)


def _in_short(view: View) -> str:
    """Who is in trouble with what. Nothing of a US Gov matter: many read PagerDuty's lists."""
    return f"{view.head.customer}: {view.head.subject}" if view.klass == "global" else ""


def _take(base: str, view: View) -> Dialog:
    text = f"The DRI is {view.head.dri.name}." if view.head.dri.email else "Nobody is the DRI yet."
    return Dialog("d-take", "Become the DRI", f"{base}take-over/", (WHY,), (Button("I take it", "Taking it…"),), text)


def _tie(base: str) -> Dialog:
    kinds = (
        ("ticket", "Zendesk ticket, by number"),
        ("page", "PagerDuty page, by id"),
        ("thread", "Slack thread, as C01:1716.2"),
    )
    fields = (Field("kind", "What", "choice", kinds), Field("id", "Number or id"), PERHAPS_WHY)
    text = "All that happened to it before comes with it. You can take it out again."
    return Dialog(
        "d-tie", "Tie something to this emergency", f"{base}link/", fields, (Button("Tie it", "Tying…"),), text
    )


def _untie(base: str, view: View) -> Dialog:
    fields = (Field("subject", "What", "choice", _choices((*view.pages, *view.tickets, *view.threads))), PERHAPS_WHY)
    buttons = (
        Button("Take it out", "Taking it out…"),
        Button("Make it an emergency of its own", "Splitting…", f"{base}split/"),
    )
    text = "It takes its own history along and is not tied here again by itself. You can tie it back."
    return Dialog("d-untie", "Take something out", f"{base}unlink/", fields, buttons, text)


def _join(base: str, view: View, viewer: Viewer) -> Dialog:
    others = [one for one in open_emergencies(viewer) if one.klass == view.klass and one.public_id != view.head.id]
    if not others:
        text = "There is no other open emergency that this one could belong to."
        return Dialog("d-join", "Join with another emergency", f"{base}join/", (), (), text)
    fields = (
        Field("into", "The other emergency", "choice", tuple((one.public_id, _named(one)) for one in others)),
        PERHAPS_WHY,
    )
    text = "The younger goes into the older, whose DRI stands. Tickets and pages can be taken out again."
    return Dialog(
        "d-join", "Join with another emergency", f"{base}join/", fields, (Button("Make them one", "Joining…"),), text
    )


def _although(base: str, pages: Options) -> Dialog:
    fields = (Field("page", "Page", "choice", pages), Field("although", "Why all the same"))
    text = "Nobody has written to the customer yet. A manager may resolve it all the same; the reason is kept (PAGE-9)."
    return Dialog(
        "d-although",
        "Resolve before contact",
        f"{base}resolve/",
        fields,
        (Button("Resolve in PagerDuty", "Resolving…"),),
        text,
    )


def _named(emergency: Emergency) -> str:
    return f"{emergency.customer_name or 'Customer not known yet'}: {emergency.title or 'no subject'}"[:120]


def _choices(keys: tuple[str, ...]) -> Options:
    return tuple((key, upfirst(subject_words(key))) for key in keys)
