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
        "set the ticket's page field to page Q1, page Q2",
        "Ticket's page field set to page Q1, page Q2", id="keys as words",
    ),
    pytest.param(
        k.TicketChanged(field="priority"), "set the ticket's priority to nothing", "Ticket's priority set to nothing",
        id="emptied",
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
