"""The pages' words for those of the vocabulary: stages, owed acts, states, warnings, rules. Plain, short, our own."""

from __future__ import annotations

import msgspec

from ceoc.outbox.words import LOOKS
from emergencies.queries.rows import Pill, Rule

STAGES = {
    "ringing": "Ringing",
    "reviewing": "Reviewing",
    "waiting": "Waiting for the customer",
    "working": "Working",
    "ending": "Follow-up owed",
    "deferred": "Deferred to business hours",
    "closed": "Closed",
}

TRACK = ("ringing", "reviewing", "waiting", "working", "ending")
"""The stages that the track on an emergency's page shows, in the usual order."""

ENDED = {
    "solved": "Solved",
    "merged": "Merged into another ticket",
    "joined": "Joined into an older emergency",
    "withdrawn": "Dismissed, no emergency",
    "deescalated": "De-escalated",
    "downgraded": "Downgraded",
    "not_entitled": "Not entitled",
}

REGIONS = {"AMER": "AMER", "EMEA": "EMEA", "APAC": "APAC", "US_GOV": "US Gov"}
PLANS = {"ultimate": "Ultimate", "premium": "Premium", "free": "Free"}
PRODUCTS = {"self_managed": "Self-managed", "gitlab_com": "GitLab.com", "dedicated": "Dedicated"}

ROLES = {
    "dri": "the DRI",
    "duty_dri": "the DRI on duty",
    "dispatch": "the engineer on call",
    "proposed": "the engineer on call",
    "support_manager": "the Support Manager on call",
    "gov_day": "the US Gov day engineer",
    "customer": "the customer",
}


class Act(msgspec.Struct, frozen=True):
    """How an owed act is said: on a row, and with its reason on the card of the next step."""

    title: str
    why: str


ACTS = {
    "acknowledge": Act(
        "Acknowledge the page",
        "The customer asks for the engineer on call. Acknowledging tells everybody that you look.",
    ),
    "first_public_reply": Act(
        "Send the first public reply",
        "Nobody has written to the customer yet. Say that you are here and what you make of it. A note does not count.",
    ),
    "resolve_page": Act(
        "Resolve the page",
        "The customer was written to, so it may be resolved. That stops PagerDuty, not the emergency.",
    ),
}

IN_PROGRESS = {
    "ringing": Act("Waiting for somebody to take it", ""),
    "reviewing": Act("In review", "Nothing is due now. A word from the customer, or a page that rings, shows here."),
    "waiting": Act(
        "Waiting for the customer", "We wrote last. A word from them, or a page that rings, brings it back."
    ),
    "working": Act("Working with the customer", "The customer wrote last. Their ticket and its page are watched."),
    "ending": Act("Finishing", "It has ended; what is still owed stands in the list."),
    "deferred": Act("Follow up in business hours", "It came off hours and the package does not cover them."),
    "closed": Act("Closed", "Nothing is owed. A page that rings or a ticket that opens again brings it back."),
}
"""What a row and the card say while nothing is owed."""

WARNINGS = {
    "resolved_before_contact": "Page resolved, nobody wrote to the customer",
    "internal_note_is_no_contact": "Only an internal note so far: the customer has heard nothing",
    "reply_after_solved": "The customer wrote after the ticket was solved",
    "rings_again": "The page rings again",
    "page_exhausted": "Everybody was rung and nobody took the page",
    "two_pages_one_ticket": "Two pages ask for one ticket",
    "no_ticket": "No ticket is tied to this page",
    "no_page": "Nobody was paged for this urgent ticket",
    "merged": "Merged into another one",
    "vendor_clock": "A vendor's clock runs ahead of ours",
    "command_refused": "A vendor refused what was asked",
    "stale_source": "A vendor has not answered for a while",
}

RULES = {
    "PAGE-1": "Triggered: a customer wants the engineer on call. Acknowledged: the page is seen and the ticket in "
    "review. Resolved: the customer was answered in the ticket; their trouble may go on.",
    "PAGE-2": "Acknowledge the page, in PagerDuty, in Slack or here. The response begins with it.",
    "PAGE-7": "The responding engineer tells the customer by a public comment that the request has arrived and "
    "what was determined. An internal note does not count.",
    "PAGE-9": "Resolve the page only after the customer was contacted. A manager may decide otherwise and says why.",
    "PAGE-14": "A page without a ticket, a ticket without a page, two pages for one ticket or a merged ticket are "
    "shown as what they are, and can be tied by hand.",
    "COMM-1": "The team talks about an emergency in one thread of the channel for the customer's product. US "
    "Government has a channel of its own, which only cleared people are in.",
    "DONE-2": "No further work in a ticket after it was solved; what the customer writes there then needs a follow-up.",
    "GOV-5": "A page off hours without 24x7 support is followed up at the next start of business hours, 05:00 Pacific.",
}

PAGE_PILLS = {
    "triggered": Pill("Triggered", "late", "bell", "Page"),
    "acknowledged": Pill("Acknowledged", "soon", "eye", "Page"),
    "contacted": Pill("Contacted", "good", "check", "Page", "Resolved in PagerDuty, and the customer was written to"),
    "resolved": Pill(
        "Resolved, nobody wrote", "late", "bell", "Page", "Resolved in PagerDuty; the customer heard nothing"
    ),
    "merged": Pill("Merged", "wait", "join", "Page"),
    "": Pill("None", "wait", "skip", "Page"),
}

TICKET_PILLS = {
    "new": Pill("New", "act", "mail", "Ticket"),
    "open": Pill("Open", "act", "mail", "Ticket"),
    "pending": Pill("Pending", "wait", "hour", "Ticket"),
    "hold": Pill("On hold", "wait", "hour", "Ticket"),
    "solved": Pill("Solved", "good", "check", "Ticket"),
    "closed": Pill("Closed", "good", "check", "Ticket"),
    "unknown": Pill("Not read yet", "wait", "question", "Ticket"),
    "": Pill("None", "wait", "skip", "Ticket"),
}

COMMAND_PILLS = {state: Pill(look.word, look.tone, look.icon) for state, look in LOOKS.items()}


def page_pill(status: str, *, contacted: bool) -> Pill:
    """The page's state as people should read it: resolved is 'Contacted' only when somebody wrote (PAGE-1, PAGE-9)."""
    return PAGE_PILLS.get("contacted" if status == "resolved" and contacted else status, PAGE_PILLS[""])


def ticket_pill(key: str, status: str) -> Pill:
    """The ticket's state: none without a ticket, 'not read yet' while Zendesk has not told."""
    if not key:
        return TICKET_PILLS[""]
    return TICKET_PILLS.get(status or "unknown", TICKET_PILLS["unknown"])


def act(kind: str) -> Act:
    """The words of an owed act; a kind without words of its own is said by its word."""
    return ACTS.get(kind) or Act(kind.replace("_", " ").capitalize(), "")


def rules(ids: tuple[str, ...] | list[str]) -> tuple[Rule, ...]:
    """The rules with their texts, for the ids that open them."""
    return tuple(Rule(name, RULES.get(name, "")) for name in ids)


def warning(kind: str) -> str:
    """The sentence of a warning."""
    return WARNINGS.get(kind) or kind.replace("_", " ").capitalize()


def plan(word: str) -> str:
    """A plan's name; 'Plan unknown' while Zendesk has not told."""
    return PLANS.get(word) or word.replace("_", " ").capitalize()


def product(word: str) -> str:
    """A product's name."""
    return PRODUCTS.get(word) or word.replace("_", " ")
