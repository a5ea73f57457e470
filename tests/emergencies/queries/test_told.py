"""How entries are told: in whose words, small or large, and Slack's markup as plain words."""

from __future__ import annotations

import pytest

from emergencies.queries.people import Faces
from emergencies.queries.phrases import FIXED, SILENT, TELLERS, phrase_of, subject_words
from emergencies.queries.slack_words import channel, plain
from emergencies.story import kinds as k

NOBODY = Faces(())


@pytest.mark.parametrize("kind", sorted(k.KINDS))
def test_every_kind_has_words_of_its_own(kind):
    fact = k.KINDS[kind]
    assert fact in FIXED or fact in TELLERS or fact in SILENT


@pytest.mark.parametrize(("fact", "named", "nameless"), [
    pytest.param(k.PageResolved(), "resolved the page", "Page resolved", id="an act"),
    pytest.param(
        k.TicketChanged(field="tags", added=("a", "b"), removed=("c",)),
        "changed tags: added a, b; removed c", "Tags changed: added a, b; removed c", id="tags",
    ),
    pytest.param(
        k.TicketChanged(field="pages", to="page:Q1 page:Q2"),
        "named the page Q1, page Q2", "Page Q1, page Q2 named in the ticket", id="keys as words",
    ),
    pytest.param(
        k.TicketChanged(field="priority"), "emptied the ticket’s priority", "Ticket’s priority emptied", id="emptied"
    ),
    pytest.param(
        k.TicketChanged(field="stage", to="frt"),
        "set the ticket stage to First reply (FRT)", "Ticket stage set to First reply (FRT)", id="a stage",
    ),
    pytest.param(
        k.TicketChanged(field="product", to="self_managed"),
        "set the product to Self-managed", "Product set to Self-managed", id="a product",
    ),
    pytest.param(
        k.TicketChanged(field="customer", to="customer:global:org-9"),
        "changed the ticket’s organisation", "Ticket’s organisation changed", id="no key of a customer",
    ),
    pytest.param(
        k.TicketChanged(field="requester", to="jonas@aldgate.example"),
        "set the requester to jonas@aldgate.example", "Requester set to jonas@aldgate.example", id="who is not known",
    ),
    pytest.param(k.Linked(subject="thread:C0123:179.1"), "tied the Slack thread", "Slack thread tied", id="a thread"),
    pytest.param(k.PageUnacknowledged(), "let it ring again",
        "The acknowledgement ran out, the page rings again", id="rings again",
    ),
    pytest.param(
        k.CommandDismissed(act="public_reply", why="Taken back by engineer@demo.example."),
        "took back a reply before it was sent", "A reply was taken back before it was sent", id="taken back",
    ),
    pytest.param(
        k.CommandDismissed(act="resolve", why="The page is resolved already."),
        "wanted to resolve the page; it was not sent", "Not sent: resolve the page", id="overtaken",
    ),
    pytest.param(
        k.CommandDismissed(act="resolve", why="Put aside by x@y.example. Before that: No."),
        "no longer wants to resolve the page; it was not sent", "Not sent: resolve the page", id="put aside",
    ),
    pytest.param(
        k.CommandRefused(act="resolve", reason="No."), "asked to resolve the page", "Asked to resolve the page",
        id="refused",
    ),
    pytest.param(k.Linked(subject="ticket:global:5", why="named"), "tied ticket #5", "Ticket #5 tied", id="tied"),
    pytest.param(k.Unknown(word="sung_along"), "sung along", "Sung along", id="a kind of a later release"),
])  # fmt: skip
def test_an_entry_is_a_sentence_with_and_without_a_name(fact, named, nameless):
    phrase = phrase_of(fact, NOBODY)
    assert (phrase.words, phrase.passive or phrase.words) == (named, nameless)


@pytest.mark.parametrize(("fact", "audience"), [
    (k.PublicReply(), "public"), (k.CustomerReply(), "customer"), (k.InternalNote(), "note"),
    (k.ThreadMessage(), "slack"),
    (k.AutomaticComment(), "public"), (k.AutomaticComment(public=False), "note"), (k.PageNote(), "note"),
])  # fmt: skip
def test_whose_words_a_text_is(fact, audience):
    assert phrase_of(fact, NOBODY).audience == audience


def test_what_changed_beside_the_conversation_is_small():
    assert phrase_of(k.TicketChanged(field="form", to="Emergencies"), NOBODY).minor
    assert not phrase_of(k.TicketChanged(field="priority", to="high"), NOBODY).minor
    assert not phrase_of(k.PublicReply(), NOBODY).minor


@pytest.mark.parametrize(("slack", "words"), [
    ("<https://x.example/1|the page> rings", "the page (https://x.example/1) rings"),
    ("<https://x.example/1>", "https://x.example/1"),
    ("<@U123|mira> and <#C1|general> and <!channel>", "@mira and #general and !channel"),
    ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
    ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
    ("<", "<"),
])  # fmt: skip
def test_slack_markup_is_read_as_words(slack, words):
    assert plain(slack) == words


@pytest.mark.parametrize(("name", "words"), [
    ("support_self-managed", "#support_self-managed"), ("#general", "#general"), ("C0123ABCDE", "the Slack thread"),
])  # fmt: skip
def test_a_channel_is_called_by_its_name(name, words):
    assert channel(name) == words


@pytest.mark.parametrize(("key", "words"), [
    ("ticket:us_gov:7", "ticket #7"), ("page:Q2K7", "page Q2K7"), ("thread:C01:1.2", "the Slack thread"),
])  # fmt: skip
def test_subjects_as_people_call_them(key, words):
    assert subject_words(key) == words


def test_people_are_named_in_sentences_however_long_a_word_is():
    word = "W" * 200_000
    assert NOBODY.said(f"{word} by sam.w@demo.example.") == f"{word} by sam.w@demo.example."
