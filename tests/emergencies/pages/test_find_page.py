"""What the palette is answered: options of a list, with the words that were found marked and escaped."""

from __future__ import annotations

import pytest

from ceoc.access.models import Person
from tests.emergencies.world import Trouble


def test_options_lead_to_emergencies_to_the_list_and_to_colleagues(engineer, second):
    northwind = Trouble("Northwind Robotics", 1).pages(34, "Gitaly storage full").acknowledged(32)
    html = engineer.get("/find/?q=north").content.decode()
    assert f'data-href="/emergencies/{northwind.row.public_id}/"' in html
    assert 'data-href="/?q=north"' in html
    assert "DRI of 1 open" in engineer.get("/find/?q=mira").content.decode()
    assert engineer.get("/find/?q=zzzz").content.strip() == b""


def test_a_hostile_name_is_text(engineer):
    hostile = '<script>alert("x")</script>'
    Trouble(hostile, 5).pages(3, "<img src=x onerror=alert(1)>").acknowledged(2)
    Person.objects.welcome("alert@demo.example", name='Alert "><script>', role="engineer")
    for address in ("/find/?q=alert", "/find/"):
        html = engineer.get(address).content.decode()
        assert "<script" not in html
        assert "<img" not in html
        assert "&lt;script&gt;alert" in html


@pytest.mark.parametrize("rows", [1, 50])
def test_it_makes_a_fixed_number_of_queries(engineer, django_assert_num_queries, rows):
    engineer.get("/")
    for number in range(rows):
        Trouble(f"Miller {number}", number).pages(30, "Trouble").acknowledged(20)
        Person.objects.welcome(f"miller{number}@demo.example", name=f"Ann Miller {number}", role="engineer")
    with django_assert_num_queries(3 + 5):  # session, person, groups; emergencies, their people, words; people, counts
        engineer.get("/find/?q=miller")


def test_whoever_may_look_may_find(shadow, halden):
    assert "Halden Bank" in shadow.get("/find/?q=halden").content.decode()
    assert shadow.post("/find/?q=halden").status_code == 403


@pytest.mark.parametrize("who", ["engineer", "shadow"])
def test_a_ringing_row_offers_what_the_one_who_looks_may_do(client_of, halden, who):
    html = client_of(who).get("/").content.decode()
    queue = html[html.index('id="queue"') :]
    assert (f'formaction="/emergencies/{halden.row.public_id}/acknowledge/"' in queue) == (who == "engineer")
    halden.acknowledged(1)
    assert "Acknowledge</button>" not in client_of(who).get("/").content.decode()
