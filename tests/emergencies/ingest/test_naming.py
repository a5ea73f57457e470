"""Which tickets and pages a text names (PAGE-14)."""

from __future__ import annotations

import pytest

from ceoc.vendors import parsing
from emergencies.ingest import naming

OURS = naming.Addresses({"global": "https://acme.zendesk.com", "us_gov": "https://acme-gov.zendesk.com/"})
LOCAL = naming.Addresses({"global": "http://127.0.0.1:8102", "us_gov": "http://127.0.0.1:8103/gov"})
A, B, GOV = "ticket:global:512880", "ticket:global:512990", "ticket:us_gov:700"


@pytest.mark.rule("PAGE-14")
@pytest.mark.parametrize(
    ("text", "portal", "expected"),
    [
        pytest.param(
            "See https://acme.zendesk.com/agent/tickets/512880.", None, (A,), id="the agents' address, before a stop"
        ),
        pytest.param("https://acme.zendesk.com/tickets/512880?x=1", None, (A,), id="the short address"),
        pytest.param("<https://acme.zendesk.com/requests/512880|ticket>", None, (A,), id="as Slack writes it"),
        pytest.param('{"url":"https://acme.zendesk.com/agent/tickets/512880"}', None, (A,), id="inside JSON"),
        pytest.param("https://acme.zendesk.com/hc/en-us/requests/512880", None, (A,), id="the portal's address"),
        pytest.param(
            "HTTPS://acme.zendesk.com/agent/tickets/512880", None, (), id="only addresses as they are written"
        ),
        pytest.param("https://acme-gov.zendesk.com/agent/tickets/700", None, (GOV,), id="the other account"),
        pytest.param("https://evil.zendesk.com/agent/tickets/512880", "global", (), id="somebody else's Zendesk"),
        pytest.param(
            "https://acme.zendesk.com.evil.example/agent/tickets/512880", "global", (), id="a host that looks like ours"
        ),
        pytest.param(
            "https://acme.zendesk.com@evil.example/agent/tickets/512880", "global", (), id="a user that looks like ours"
        ),
        pytest.param("https://acme.zendesk.com:99999/agent/tickets/512880", "global", (), id="no port"),
        pytest.param("https://acme.zendesk.com/agent/users/512880", "global", (), id="another thing of ours"),
        pytest.param("ticket_id: 512880", "global", (A,), id="a key with a number"),
        pytest.param("Ticket ID = #512880", "global", (A,), id="a key as people write it"),
        pytest.param("zendesk_ticket: 700", "us_gov", (GOV,), id="the portal says which account"),
        pytest.param("ticket_id: 512880", None, (), id="a bare number of an unmapped service is of no account"),
        pytest.param("ticket_id: 5128801234567890123456", "global", (), id="a number that is none"),
        pytest.param("tickets_open: 3", "global", (), id="another key"),
        pytest.param(
            "https://acme.zendesk.com/agent/tickets/512880 and ticket_id: 512990, https://acme.zendesk.com/tickets/512880",
            "global",
            (A, B),
            id="several, each once",
        ),
        pytest.param("", "global", (), id="nothing"),
    ],
)
def test_tickets_in_a_text(text, portal, expected):
    assert naming.tickets_in(text, OURS, portal) == expected


@pytest.mark.rule("PAGE-14")
def test_an_address_with_a_port_and_a_path_is_that_one_only():
    assert naming.tickets_in("http://127.0.0.1:8102/agent/tickets/1 http://127.0.0.1:8104/agent/tickets/2", LOCAL) == (
        "ticket:global:1",
    )
    assert naming.tickets_in(
        "http://127.0.0.1:8103/gov/agent/tickets/3 http://127.0.0.1:8103/agent/tickets/4", LOCAL
    ) == ("ticket:us_gov:3",)


@pytest.mark.rule("PAGE-14")
@pytest.mark.parametrize(
    "details",
    [
        {"ticket_id": 512880},
        {"zendesk": {"ticket": "512880"}},
        {"ticket_url": "https://acme.zendesk.com/agent/tickets/512880"},
        {"tickets": [512880]},
        [{"note": "see ticket #512880"}],
    ],
)
def test_tickets_in_custom_details_of_any_shape(details):
    assert naming.tickets_in("\n".join(parsing.strings(details)), OURS, "global") == (A,)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Q2K7ABC", ("page:Q2K7ABC",)),
        ("https://acme.pagerduty.com/incidents/Q2K7ABC", ("page:Q2K7ABC",)),
        ("Q2K7ABC, Q9ZZABC", ("page:Q2K7ABC", "page:Q9ZZABC")),
        ("Q2K7ABC https://acme.pagerduty.com/incidents/Q2K7ABC", ("page:Q2K7ABC",)),
        ("none yet", ()),
        ("", ()),
        ("../../etc", ()),
    ],
)
def test_pages_in_the_tickets_own_field(value, expected):
    assert naming.pages_of_field(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("512990", B),
        (" #512990 ", B),
        ("https://acme.zendesk.com/agent/tickets/512990", B),
        ("later", ""),
        ("٣", ""),
        ("9" * 30, ""),
        ("", ""),
    ],
)
def test_the_related_ticket(value, expected):
    assert naming.ticket_of_field(value, "global") == expected
