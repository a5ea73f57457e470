"""The sentence of each kind of entry: after a name ('Mira Okafor acknowledged the page'), or without one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from emergencies.queries import words
from emergencies.queries.people import Faces
from emergencies.queries.rows import Pill
from emergencies.story import kinds as k
from emergencies.story.entries import Ref


class Phrase(msgspec.Struct, frozen=True):
    """The words of an entry. `passive` stands where nobody is known to have done it."""

    icon: str
    words: str
    passive: str = ""
    detail: str = ""
    audience: str = ""
    pill: Pill | None = None
    minor: bool = False
    """Worth a small line only: what changed beside the conversation."""


SILENT = (k.CommandDelivered, k.TicketContinued)
"""Kinds that a timeline does not show: what they say stands in another row."""

Teller = Callable[[Any, Faces], Phrase]

FIELDS = {
    "status": "ticket’s status", "priority": "ticket’s priority", "form": "ticket’s form", "stage": "ticket stage",
    "product": "product", "assignee": "assignee", "requester": "requester", "customer": "ticket’s organisation",
    "related": "related ticket", "subject": "ticket’s subject",
}  # fmt: skip

WEIGHTY = frozenset({"status", "priority", "assignee"})
"""Fields of a ticket whose change is worth a line of its own."""

ACTS = {
    "acknowledge": "asked PagerDuty to acknowledge the page",
    "resolve": "asked PagerDuty to resolve the page",
    "ring_again": "asked PagerDuty to ring again",
    "page_note": "sends a note to the page",
    "call_colleague": "calls a colleague",
    "public_reply": "writes to the customer",
    "internal_note": "writes an internal note",
    "thread_reply": "writes in the Slack thread",
    "slack_post": "posts in Slack",
    "change_ticket": "asked Zendesk to change the ticket",
}
"""What somebody asked for, by the kind of the command, while it is on its way."""

WISHES = {
    "acknowledge": "acknowledge the page",
    "resolve": "resolve the page",
    "ring_again": "let the page ring again",
    "page_note": "write a note on the page",
    "call_colleague": "call a colleague",
    "public_reply": "write to the customer",
    "internal_note": "write an internal note",
    "thread_reply": "write in the Slack thread",
    "slack_post": "post in Slack",
    "change_ticket": "change the ticket",
}
"""The same for a wish that did not come true."""

TAKEN_BACK, PUT_ASIDE = "Taken back", "Put aside"
"""How the outbox begins to say why a command ended without having been sent."""

TEXTS = {"public_reply": "a reply", "internal_note": "a note", "page_note": "a note"}
"""What was written, where a person takes it back; else a message."""

WHY = {
    "named": "the page or the ticket names it",
    "by_hand": "",
    "taken_out": "taken out of another emergency",
    "joined": "the older emergency's DRI stands",
}


def phrase_of(fact: k.Fact, faces: Faces) -> Phrase:
    """The words of a fact; a kind without words of its own is said by its word."""
    fixed = FIXED.get(type(fact))
    if fixed:
        return fixed
    teller = TELLERS.get(type(fact))
    if teller:
        return teller(fact, faces)
    word = fact.word if isinstance(fact, k.Unknown) else fact.kind
    return Phrase("question", word.replace("_", " "), word.replace("_", " ").capitalize())


def upfirst(said: str) -> str:
    """The words with a capital first letter; ids inside them stay as they are."""
    return said[:1].upper() + said[1:]


def _why(word: str) -> str:
    """Why something is so: our own word for it, or what a person wrote."""
    return WHY.get(word, word)


def subject_words(key: str) -> str:
    """A subject as people call it: `ticket #512880`, `page Q2K7`."""
    ref = Ref.parse(key)
    if ref.kind == "ticket":
        return f"ticket #{ref.ref}"
    if ref.kind == "thread":
        return "the Slack thread"
    if ref.kind == "customer":
        return "the customer"
    return f"{ref.kind} {ref.ref}"


def _triggered(fact: k.PageTriggered, _faces: Faces) -> Phrase:
    where = ", ".join(filter(None, (fact.service, fact.policy)))
    return Phrase("bell", "triggered a page by hand", "Page triggered", where, "customer")


def _escalated(fact: k.PageEscalated | k.PageReassigned, faces: Faces) -> Phrase:
    to = ", ".join(faces.name(email) for email in fact.to) or getattr(fact, "policy", "")
    verb = "escalated" if isinstance(fact, k.PageEscalated) else "reassigned"
    return Phrase("up", f"{verb} the page" + (f" to {to}" if to else ""), f"Page {verb}" + (f" to {to}" if to else ""))


def _changed(fact: k.TicketChanged, faces: Faces) -> Phrase:
    field = FIELDS.get(fact.field, fact.field)
    if fact.field == "tags":
        said = "; ".join(
            f"{verb} {', '.join(tags)}" for verb, tags in (("added", fact.added), ("removed", fact.removed)) if tags
        )
        return Phrase("mail", f"changed tags: {said}", f"Tags changed: {said}", minor=True)
    if fact.field == "pages":
        named = _subjects(fact.to) or "no page"
        return Phrase("mail", f"named {_the(named)}", f"{upfirst(named)} named in the ticket", minor=True)
    if fact.field == "customer":
        return Phrase("mail", f"changed the {field}", f"{upfirst(field)} changed", minor=True)
    to, minor = _value(fact, faces), fact.field not in WEIGHTY
    if not to:
        return Phrase("mail", f"emptied the {field}", f"{upfirst(field)} emptied", minor=minor)
    return Phrase("mail", f"set the {field} to {to}", f"{upfirst(field)} set to {to}", minor=minor)


def _value(fact: k.TicketChanged, faces: Faces) -> str:
    """What a field of a ticket became, in people's words."""
    if "@" in fact.to:
        return faces.name(fact.to)
    if fact.field == "related":
        return _subjects(fact.to)
    said = VALUES.get(fact.field)
    return said(fact.to) if said and fact.to else fact.to.replace("_", " ")


def _stage(word: str) -> str:
    return STAGES.get(word.lower(), word.replace("_", " "))


STAGES = {"frt": "First reply (FRT)", "nrt": "Next reply (NRT)"}
VALUES: dict[str, Callable[[str], str]] = {"stage": _stage, "product": words.product}
"""How the values of some fields are read."""


def _subjects(keys: str) -> str:
    """Subject keys, with blanks between them, as people call them."""
    return ", ".join(subject_words(key) if ":" in key else key for key in keys.split())


def _the(named: str) -> str:
    return f"the {named}" if named.startswith("page ") else named


def _created(fact: k.TicketCreated, _faces: Faces) -> Phrase:
    detail = ", ".join(filter(None, (fact.priority, fact.form)))
    return Phrase("mail", "opened the ticket", "Ticket opened", detail, "customer")


def _automatic(fact: k.AutomaticComment, _faces: Faces) -> Phrase:
    audience, detail = ("public", "") if fact.public else ("note", "not public")
    return Phrase("mail", "wrote automatically", "Automatic comment", detail, audience)


def _macro(fact: k.MacroApplied, _faces: Faces) -> Phrase:
    return Phrase("mail", f"applied the macro {fact.title}", f"Macro {fact.title} applied")


def _linked(fact: k.Linked, _faces: Faces) -> Phrase:
    what = subject_words(fact.subject)
    return Phrase("link", f"tied {what}", f"{upfirst(what.removeprefix('the '))} tied", _why(fact.why), minor=True)


def _unlinked(fact: k.Unlinked, _faces: Faces) -> Phrase:
    what = subject_words(fact.subject)
    return Phrase("unlink", f"took {what} out", f"{upfirst(what.removeprefix('the '))} taken out", _why(fact.why))


def _dri(fact: k.DriChanged, faces: Faces) -> Phrase:
    return Phrase("person", f"made {faces.name(fact.to)} the DRI", f"{faces.name(fact.to)} is the DRI", _why(fact.why))


def _summons(fact: k.SummonsSent, faces: Faces) -> Phrase:
    to = ", ".join(faces.name(email) for email in fact.to) or "a colleague"
    return Phrase("phone", f"called {to}", f"{to} was called", "", "note")


def _customer(fact: k.CustomerRead, _faces: Faces) -> Phrase:
    detail = ", ".join(filter(None, (fact.name, words.plan(fact.plan), f"{fact.seats} seats" if fact.seats else "")))
    return Phrase("building", "read the customer's data", "Customer's data read", detail, minor=True)


def _queued(fact: k.CommandQueued, _faces: Faces) -> Phrase:
    said = ACTS.get(fact.act, f"asked for {fact.act.replace('_', ' ')}")
    return Phrase("send", said, upfirst(said), f"although: {fact.although}" if fact.although else "")


def _refused(fact: k.CommandRefused, _faces: Faces) -> Phrase:
    wish, pill = wish_of(fact.act), Pill("Refused", "late", "warn")
    return Phrase("warn", f"asked to {wish}", f"Asked to {wish}", fact.reason, "", pill)


def _dismissed(fact: k.CommandDismissed, _faces: Faces) -> Phrase:
    wish, text = wish_of(fact.act), TEXTS.get(fact.act, "a message")
    if fact.why.startswith(TAKEN_BACK):
        said = f"took back {text} before it was sent"
        return Phrase("undo", said, f"{upfirst(text)} was taken back before it was sent")
    if fact.why.startswith(PUT_ASIDE):
        before = fact.why.partition("Before that: ")[2]
        return Phrase("close", f"no longer wants to {wish}; it was not sent", f"Not sent: {wish}", before)
    return Phrase("close", f"wanted to {wish}; it was not sent", f"Not sent: {wish}", fact.why)


def wish_of(act: str) -> str:
    """A command's kind as what somebody wants to do."""
    return WISHES.get(act, act.replace("_", " "))


def _unreadable(fact: k.Unreadable, _faces: Faces) -> Phrase:
    return Phrase("warn", "told something that could not be read", "Something could not be read", fact.reason)


FIXED: dict[type[k.Fact], Phrase] = {
    k.PageAcknowledged: Phrase("eye", "acknowledged the page", "Page acknowledged"),
    k.PageUnacknowledged: Phrase("bell", "let it ring again", "The acknowledgement ran out, the page rings again"),
    k.PageSnoozed: Phrase("clock", "snoozed the page", "Page snoozed"),
    k.PageAckLimit: Phrase("warn", "reached the limit", "PagerDuty takes no further acknowledgement"),
    k.PageExhausted: Phrase("warn", "rang everybody", "Everybody was rung and nobody took the page"),
    k.PageResolved: Phrase("check", "resolved the page", "Page resolved"),
    k.PageReopened: Phrase("bell", "let the page ring again", "The page rings again"),
    k.PageMerged: Phrase("join", "merged the page into another", "Page merged into another"),
    k.PageNote: Phrase("note", "wrote a note on the page", "Note on the page", audience="note"),
    k.ResponderAdded: Phrase("person", "asked somebody to join the page", "Somebody was asked to join the page"),
    k.SummonsAnswered: Phrase("phone", "answered the call", "The call was answered"),
    k.TicketMerged: Phrase("join", "merged the ticket into another", "Ticket merged into another"),
    k.TicketSolved: Phrase("check", "solved the ticket", "Ticket solved"),
    k.TicketReopened: Phrase("mail", "opened the ticket again", "Ticket open again"),
    k.PublicReply: Phrase("mail", "replied to the customer", "Reply to the customer", audience="public"),
    k.CustomerReply: Phrase("mail", "wrote", "The customer wrote", "customer", "customer"),
    k.InternalNote: Phrase("lock", "wrote an internal note", "Internal note", audience="note"),
    k.ThreadStarted: Phrase("hash", "started the Slack thread", "Slack thread started", audience="slack"),
    k.ThreadMessage: Phrase("hash", "in Slack", "In Slack", audience="slack"),
    k.ThreadEdited: Phrase("hash", "changed a message in Slack", "Message in Slack changed", audience="slack"),
    k.ThreadDeleted: Phrase("hash", "deleted a message in Slack", "Message in Slack deleted"),
    k.Joined: Phrase("join", "joined this into another emergency", "Joined into another emergency"),
    k.SplitFrom: Phrase("split", "split this off another emergency", "Split off another emergency"),
    k.SaidAutomatic: Phrase("mail", "says that a comment was an automatic reply", "Said to be an automatic reply"),
    k.Dismissed: Phrase("close", "dismissed the page", "Page dismissed"),
    k.Note: Phrase("note", "noted", "Note", audience="note"),
    k.Retracted: Phrase("undo", "took a note back", "Note taken back"),
}

TELLERS: dict[type[k.Fact], Teller] = {
    k.PageTriggered: _triggered,
    k.PageEscalated: _escalated,
    k.PageReassigned: _escalated,
    k.TicketChanged: _changed,
    k.TicketCreated: _created,
    k.AutomaticComment: _automatic,
    k.MacroApplied: _macro,
    k.Linked: _linked,
    k.Unlinked: _unlinked,
    k.DriChanged: _dri,
    k.SummonsSent: _summons,
    k.CustomerRead: _customer,
    k.CommandQueued: _queued,
    k.CommandRefused: _refused,
    k.CommandDismissed: _dismissed,
    k.Unreadable: _unreadable,
}
