"""Which page, ticket or thread an act is about, and who may act: the checks that actions share."""

from __future__ import annotations

from typing import TypeVar

from ceoc.access.classes import may_see
from ceoc.access.models import Person
from ceoc.access.people import people_by_email
from ceoc.access.viewer import Viewer, viewer_of
from ceoc.outbox.drafts import CommandDraft
from ceoc.people import seats
from emergencies.actions.refusal import Refused
from emergencies.models import Emergency
from emergencies.story.entries import Ref
from emergencies.story.story import PageStory, Story, TicketStory

S = TypeVar("S", PageStory, TicketStory)


def must(
    by: Viewer, capability: str, sentence: str = "You follow along here; only engineers and managers act."
) -> None:
    """Refuses with a sentence when the person lacks the capability: the last check, behind the URL's own."""
    if not by.may(capability):
        raise Refused(sentence)


def must_be_open(emergency: Emergency) -> None:
    """Nothing is done in an emergency that went into another one."""
    if emergency.joined_into:
        raise Refused("This emergency went into another one. Open that one and act there.")


def must_be_able(email: str, emergency: Emergency) -> None:
    """Refuses somebody who may not work on this emergency. Two queries."""
    person = Person.objects.known(email)
    if person is None:
        raise Refused(f"Nobody active has the e-mail {email}.")
    viewer = viewer_of(person)
    if not viewer.may("work") or not may_see(emergency.klass, viewer):
        raise Refused(f"{person.name} may not work on this emergency. Choose somebody else.")


def must_have_seat(by: Viewer, ticket: str) -> None:
    """Refuses what would be written as the person where they have no seat; not knowing refuses nothing."""
    if why := seats.why_not(by.email, Ref.parse(ticket).account):
        raise Refused(why)


def pick_page(story: Story, key: str = "") -> PageStory:
    """The page of that key, or the only one."""
    return _pick({page.key: page for page in story.live_pages}, key, "page")


def pick_ticket(story: Story, key: str = "") -> TicketStory:
    """The ticket of that key, or the only one that was not merged away."""
    return _pick({ticket.key: ticket for ticket in story.open_tickets}, key, "ticket")


def _pick(found: dict[str, S], key: str, word: str) -> S:
    if key:
        if key not in found:
            raise Refused(f"That {word} is not part of this emergency any more. Reload to see where it went.")
        return found[key]
    if not found:
        raise Refused(f"No {word} is tied to this emergency yet. Tie one first.")
    if len(found) > 1:
        choices = ", ".join(Ref.parse(one).ref for one in sorted(found))
        raise Refused(f"This emergency has several {word}s. Say which one: {choices}.")
    return next(iter(found.values()))


def called(email: str) -> str:
    """What a person is called at the beginning of a sentence. One query, none for nobody."""
    card = people_by_email([email]).get(email)
    return card.name if card and card.is_known else email or "Somebody"


def command(emergency: Emergency, vendor: str, kind: str, about: str, by: Viewer, **payload: object) -> CommandDraft:
    """A command of this emergency about one object of a vendor, as `by`."""
    although = str(payload.pop("although", ""))
    return CommandDraft(
        group=emergency.public_id,
        object=about,
        vendor=vendor,
        kind=kind,
        payload=payload,
        by=by.email,
        klass=emergency.klass,
        although=although,
    )
