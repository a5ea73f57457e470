"""Presses: who may, what happens, what the person reads, with and without a script."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from ceoc.outbox.models import Command
from emergencies.models import Draft, Emergency, Link, Look
from tests.emergencies.world import NOW, Trouble, ago

SCRIPT = {"HX-Request": "true"}


def address(trouble: Trouble, act: str = "") -> str:
    return f"/emergencies/{trouble.row.public_id}/{act + '/' if act else ''}"


def test_acknowledge_asks_pagerduty_and_says_so(engineer: Client, halden: Trouble):
    answer = engineer.post(
        address(halden, "acknowledge"), {"page": halden.page.key, "back": address(halden)}, follow=True
    )
    assert answer.redirect_chain == [(address(halden), 302)]
    html = answer.content.decode()
    assert "PagerDuty is asked to acknowledge the page." in html
    command = Command.objects.get()
    assert (command.kind, command.by, command.object) == ("acknowledge", "engineer@demo.example", halden.page.key)
    assert "On its way" in html
    assert "Queued" in html


def test_a_script_gets_the_sentence_alone(engineer: Client, halden: Trouble):
    answer = engineer.post(address(halden, "acknowledge"), {"page": halden.page.key}, headers=SCRIPT)
    assert answer.status_code == 200
    assert answer.content.decode().strip().startswith('<p class="notice"')


@pytest.mark.rule("PAGE-9")
def test_resolving_before_contact_is_refused_with_the_reason(engineer: Client, halden: Trouble):
    halden.acknowledged(2)
    form = {"page": halden.page.key, "back": address(halden)}
    refusal = "Nobody has written to the customer yet."
    plain = engineer.post(address(halden, "resolve"), form, follow=True)
    assert refusal in plain.content.decode()
    scripted = engineer.post(address(halden, "resolve"), form, headers=SCRIPT)
    assert scripted.status_code == 409
    assert refusal in scripted.content.decode()
    assert not Command.objects.exists()


@pytest.mark.rule("PAGE-9")
def test_a_manager_may_resolve_all_the_same_and_says_why(engineer: Client, manager: Client, halden: Trouble):
    halden.acknowledged(2)
    form = {"page": halden.page.key, "although": "They called us; it was a test."}
    assert engineer.post(address(halden, "resolve"), form, headers=SCRIPT).status_code == 409
    assert manager.post(address(halden, "resolve"), form, headers=SCRIPT).status_code == 200
    assert Command.objects.get().although == "They called us; it was a test."
    refusal = manager.post(address(halden, "resolve"), {"page": halden.page.key}, headers=SCRIPT).content.decode()
    assert "Resolve all the same…" in refusal
    assert 'id="d-although"' in manager.get(address(halden)).content.decode()
    assert 'id="d-although"' not in engineer.get(address(halden)).content.decode()


@pytest.mark.parametrize("act", [
    "acknowledge", "resolve", "ring-again", "page-note", "call", "note", "retract", "automatic", "take-over", "dismiss",
    "link", "unlink", "split", "join", "reply", "draft",
])  # fmt: skip
def test_a_shadow_does_nothing(shadow: Client, halden: Trouble, act: str):
    assert shadow.post(address(halden, act), {"text": "x", "audience": "public"}).status_code == 403


def test_a_shadow_is_shown_no_button_that_acts(shadow: Client, halden: Trouble):
    html = shadow.get(address(halden)).content.decode()
    assert "formaction" not in html
    assert "<textarea" not in html


@pytest.mark.parametrize("act", ["acknowledge", "resolve", "reply", "note", "link", "looked", "composer", "dialogs"])
def test_a_stranger_comes_nowhere(stranger: Client, halden: Trouble, act: str):
    assert stranger.post(address(halden, act)).status_code in (403, 405)
    assert stranger.get(address(halden, act)).status_code in (302, 403, 405)


@pytest.mark.parametrize("act", ["acknowledge", "resolve", "reply", "note", "link", "looked", "draft"])
def test_nothing_is_done_by_looking(engineer: Client, halden: Trouble, act: str):
    assert engineer.get(address(halden, act)).status_code == 405


def test_one_is_never_led_away_to_another_site(engineer: Client, halden: Trouble):
    answer = engineer.post(address(halden, "acknowledge"), {"back": "https://evil.example/"})
    assert answer["Location"] == "/"


def test_a_note_is_kept_and_can_be_taken_back(engineer: Client, halden: Trouble):
    engineer.post(address(halden, "note"), {"text": "They said the load balancer is fine."})
    html = engineer.get(address(halden)).content.decode()
    assert "They said the load balancer is fine." in html
    entry = html[html.index('name="entry" value="') + 20 :][:12]
    engineer.post(address(halden, "retract"), {"entry": entry})
    assert 'class="taken-back"' in engineer.get(address(halden)).content.decode()


@pytest.mark.rule("PAGE-9")
def test_resolve_looks_locked_until_the_customer_was_written_to(engineer: Client, halden: Trouble):
    button = f'formaction="{address(halden, "resolve")}"'
    locked = engineer.get(address(halden)).content.decode()
    assert button not in locked
    assert "Resolve opens when the customer was written to (PAGE-9)." in locked
    halden.acknowledged(2).replied(1)
    assert button in engineer.get(address(halden)).content.decode()


def test_letting_an_acknowledged_page_ring_again_is_asked_for_first(engineer: Client, halden: Trouble):
    press = f'formaction="{address(halden, "ring-again")}"'
    dialog = f'id="d-ring-{halden.page.ref}"'
    assert dialog not in engineer.get(address(halden)).content.decode()
    halden.acknowledged(2)
    held = engineer.get(address(halden)).content.decode()
    assert (dialog in held, press in held) == (True, False)
    assert "Mira Okafor has acknowledged this page." in held
    halden.resolved(1)
    over = engineer.get(address(halden)).content.decode()
    assert (dialog in over, press in over) == (False, True)


def test_the_dri_is_not_asked_to_become_it(engineer: Client, second: Client, halden: Trouble):
    halden.acknowledged(2)
    assert 'id="d-take"' in second.get(address(halden)).content.decode()
    mine = engineer.get(address(halden)).content.decode()
    assert 'id="d-take"' not in mine
    assert "data-is-dri" in mine


def test_without_another_emergency_joining_says_so(engineer: Client, halden: Trouble):
    alone = engineer.get(address(halden, "dialogs")).content.decode()
    assert "There is no other open emergency" in alone
    assert 'name="into"' not in alone
    Trouble("Atlas Freight", 2).pages(9, "Runner manager")
    assert 'name="into"' in engineer.get(address(halden, "dialogs")).content.decode()


def test_who_is_called_is_told_of_what_unless_it_is_us_gov(engineer: Client, cleared: Client, halden: Trouble):
    assert (
        "\nHalden Bank: All web nodes answer 502</textarea>"
        in engineer.get(address(halden, "dialogs")).content.decode()
    )
    hidden = Trouble("Bureau of Tides", 3, klass="us_gov").pages(9, "Sign-in fails", "US Government Emergencies")
    assert "Tides:" not in cleared.get(address(hidden, "dialogs")).content.decode()


# --- the composer -------------------------------------------------------------------------------------------------


def test_drafts_are_kept_per_audience_and_never_carried_over(engineer: Client, second: Client, halden: Trouble):
    for audience, text in (("public", "Dear Dana"), ("internal", "Look at Gitaly")):
        assert engineer.post(address(halden, "draft"), {"audience": audience, "text": text}).status_code == 204
    html = engineer.get(address(halden)).content.decode()
    assert "\nDear Dana</textarea>" in html
    assert "\nLook at Gitaly</textarea>" in html
    assert "Dear Dana" not in second.get(address(halden)).content.decode()
    assert Draft.objects.count() == 2


def test_a_draft_that_is_emptied_is_gone(engineer: Client, halden: Trouble):
    engineer.post(address(halden, "draft"), {"audience": "public", "text": "Dear Dana"})
    engineer.post(address(halden, "draft"), {"audience": "public", "text": "  \n"})
    assert not Draft.objects.exists()
    assert engineer.post(address(halden, "draft"), {"audience": "everybody", "text": "x"}).status_code == 400


def test_a_draft_remembers_when_it_was_begun(engineer: Client, halden: Trouble):
    Draft.objects.create(
        person_id=engineer.session["_auth_user_id"],
        emergency=halden.row,
        audience="public",
        text="D",
        begun_at=ago(9),
        kept_at=ago(9),
    )
    engineer.post(address(halden, "draft"), {"audience": "public", "text": "Dear"})
    engineer.post(address(halden, "reply"), {"audience": "public", "text": "Dear Dana"})
    assert Command.objects.get().payload["begun_at"] == ago(9).isoformat()
    assert not Draft.objects.exists()


@pytest.mark.parametrize(("audience", "kind", "vendor"), [
    ("public", "public_reply", "zendesk"), ("internal", "internal_note", "zendesk"), ("thread", "slack_post", "slack"),
])  # fmt: skip
def test_each_audience_goes_its_own_way(engineer: Client, halden: Trouble, audience, kind, vendor):
    answer = engineer.post(address(halden, "reply"), {"audience": audience, "text": "Words"}, headers=SCRIPT)
    command = Command.objects.get()
    assert (command.kind, command.vendor, command.payload["text"]) == (kind, vendor, "Words")
    assert 'hx-target="#own-composer"' in answer.content.decode()


def test_a_public_reply_is_held_and_can_be_taken_back(engineer: Client, halden: Trouble):
    engineer.post(address(halden, "reply"), {"audience": "public", "text": "Too early"})
    command = Command.objects.get()
    assert command.state == "held"
    assert "Take back" in engineer.get(address(halden)).content.decode()
    engineer.post(f"/commands/{command.public_id}/take-back/", {"back": address(halden)})
    command.refresh_from_db()
    assert command.state == "dismissed"


def test_the_customer_reads_this_stands_above_the_public_reply_alone(engineer: Client, halden: Trouble):
    html = engineer.get(address(halden)).content.decode()
    assert html.count("The customer reads this: dana@halden.example") == 1
    assert "Send to the customer" in html
    assert "Save for the team" in html


def test_without_a_ticket_the_composer_says_why_nothing_can_be_sent(engineer: Client, halden: Trouble):
    engineer.post(address(halden, "unlink"), {"subject": halden.ticket.key, "why": "another customer's"})
    html = engineer.get(address(halden)).content.decode()
    assert "No ticket is tied to this emergency yet." in html
    assert "No emergency…" in html


# --- what belongs together ----------------------------------------------------------------------------------------


@pytest.mark.rule("PAGE-14")
def test_tying_and_taking_out_each_offer_to_be_undone(engineer: Client, halden: Trouble, person_of):
    tied = engineer.post(address(halden, "link"), {"kind": "ticket", "id": "#512999"}, headers=SCRIPT)
    assert "Tied ticket #512999." in tied.content.decode()
    assert f'formaction="{address(halden, "unlink")}"' in tied.content.decode()
    out = engineer.post(address(halden, "unlink"), {"subject": "ticket:global:512999"}, headers=SCRIPT)
    assert "Took ticket #512999 out." in out.content.decode()
    assert f'formaction="{address(halden, "link")}"' in out.content.decode()
    with time_machine.travel(NOW + timedelta(seconds=5), tick=False):
        again = engineer.post(address(halden, "link"), {"subject": "ticket:global:512999"}, headers=SCRIPT)
    assert "Tied ticket #512999." in again.content.decode()
    assert Link.objects.get(subject__key="ticket:global:512999", ended=False).emergency == halden.row


@pytest.mark.parametrize("form", [
    {"kind": "ticket", "id": "many"}, {"kind": "ticket", "id": ""}, {"kind": "person", "id": "x"},
    {"kind": "page", "id": "a b"}, {},
])  # fmt: skip
def test_what_cannot_be_tied_is_refused_with_a_sentence(engineer: Client, halden: Trouble, form):
    answer = engineer.post(address(halden, "link"), form, headers=SCRIPT)
    assert answer.status_code == 409
    assert "Write the" in answer.content.decode()


@pytest.mark.parametrize(
    "subject", ["", "nonsense", "ticket:1", "emergency:abc", "page:" + "x" * 200, "ticket:global:1:2:\n"]
)
def test_what_cannot_be_taken_out_is_refused_with_a_sentence(engineer: Client, halden: Trouble, subject):
    for act in ("unlink", "split"):
        assert engineer.post(address(halden, act), {"subject": subject}, headers=SCRIPT).status_code == 409


def test_two_emergencies_become_one_and_the_old_address_leads_there(engineer: Client, halden: Trouble):
    other = Trouble("Halden Bank again", 2).pages(9, "502 again")
    younger, older = halden.row, other.row
    answer = engineer.post(address(halden, "join"), {"into": older.public_id}, follow=True)
    assert "They are one emergency now." in answer.content.decode()
    assert answer.redirect_chain[-1][0] == f"/emergencies/{older.public_id}/"
    assert Emergency.objects.get(pk=younger.pk).joined_into == older.public_id


def test_an_emergency_that_one_may_not_see_cannot_be_joined(engineer: Client, halden: Trouble):
    hidden = Trouble("Bureau of Tides", 3, klass="us_gov").pages(9, "x", "US Government Emergencies")
    answer = engineer.post(address(halden, "join"), {"into": hidden.row.public_id}, headers=SCRIPT)
    assert (answer.status_code, "Choose the emergency" in answer.content.decode()) == (409, True)
    assert "Tides" not in engineer.get(address(halden)).content.decode()


# --- what is one's own --------------------------------------------------------------------------------------------


def test_what_is_new_since_ones_last_look_is_marked(engineer: Client, halden: Trouble):
    html = engineer.get(address(halden)).content.decode()
    assert "data-looked>" not in html
    engineer.post(address(halden, "looked"))
    Look.objects.update(at=ago(1))
    halden.answered(0.5, "Are you there?")
    html = engineer.get(address(halden)).content.decode()
    assert ">2 new</a>" in html
    assert html.count(" data-looked>") == 1


def test_ones_own_acts_are_not_new_to_oneself(engineer: Client, second: Client, halden: Trouble):
    for client in (engineer, second):
        client.post(address(halden, "looked"))
    Look.objects.update(at=ago(1))
    engineer.post(address(halden, "note"), {"text": "The disk is full."})
    assert " new</a>" not in engineer.get(address(halden)).content.decode()
    assert ">1 new</a>" in second.get(address(halden)).content.decode()


def test_who_only_follows_along_is_not_asked_to_say_that_they_looked(shadow: Client, engineer: Client, halden: Trouble):
    assert b"data-looked-url" in engineer.get(address(halden)).content
    assert b"data-looked-url" not in shadow.get(address(halden)).content


def test_a_shadow_leaves_no_trace_not_even_that_it_looked(shadow: Client, halden: Trouble):
    assert shadow.post(address(halden, "looked")).status_code == 403
    assert not Look.objects.exists()


def test_colleagues_of_a_us_gov_matter_are_cleared(cleared: Client, person_of):
    for name in ("engineer", "cleared", "admin"):
        person_of(name)
    hidden = Trouble("Bureau of Tides", 3, klass="us_gov").pages(9, "x", "US Government Emergencies")
    html = cleared.get(address(hidden, "dialogs")).content.decode()
    call = html[html.index('id="d-call"') : html.index('id="d-take"')]
    assert "Noor Haddad" in call
    assert "Mira Okafor" not in call
