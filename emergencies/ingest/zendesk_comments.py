"""What a comment is: a word of ours, of the customer's, for the team, or of a machine (PAGE-7, PAGE-12). Pure."""

from __future__ import annotations

from datetime import datetime

from ceoc.inbox.people import VendorPerson
from ceoc.vendors.zendesk_shapes import CommentRead
from emergencies.ingest.zendesk_frame import Frame
from emergencies.story import kinds as k


def fact_of(frame: Frame, comment: CommentRead, begun_at: datetime | None = None) -> k.Fact:
    """The kind of a comment that is not the ticket's description. `begun_at` of a reply from our composer."""
    author = frame.known.get(comment.author_id)
    if author is None or _machine(frame, author, comment):
        return k.AutomaticComment(comment=comment.id, public=comment.public)
    if not comment.public:
        return k.InternalNote(comment=comment.id, attachments=comment.attachments)
    if not author.agent or author.id == frame.ticket.requester_id:
        return k.CustomerReply(comment=comment.id, attachments=comment.attachments)
    ours = author.email in frame.ours
    return k.PublicReply(comment=comment.id, attachments=comment.attachments, ours=ours, begun_at=begun_at)


def _machine(frame: Frame, author: VendorPerson, comment: CommentRead) -> bool:
    """Triggers, automations and merges write by a rule; bots and the product's own agent write as users."""
    by_rule = comment.via.automatic or comment.via.rel == "merge"
    bot = author.name in frame.bots or frame.is_own_agent(author.id)
    return by_rule or (bot and author.agent)
