"""Who had seen an emergency before it turned out to be US Government's: kept, and told to few (security.md 6)."""

from __future__ import annotations

import pytest

from ceoc.access.models import AccessLog
from ceoc.access.viewer import Audience
from emergencies.models import Draft, Look
from emergencies.queries.emergency import emergency
from emergencies.story import kinds as k
from emergencies.timeline.record import record
from tests.emergencies.queries.test_emergency import times
from tests.emergencies.world import MIRA, NOW, THEO, Trouble, ago, seen


@pytest.fixture
def northwind(person_of) -> Trouble:
    """Mira acted, Theo began to write, the manager opened it; so did Sam, who is cleared."""
    people = {name: person_of(name) for name in ("engineer", "second", "manager", "cleared", "shadow")}
    trouble = Trouble("Northwind Robotics", 1).pages(30, "Gitaly storage full").acknowledged(29)
    for name in ("manager", "cleared"):
        Look.objects.create(person=people[name], emergency=trouble.row, at=ago(20))
    Draft.objects.create(
        person=people["second"], emergency=trouble.row, audience="public", text="Dear Dana", begun_at=NOW, kept_at=NOW
    )
    return trouble


def turn(trouble: Trouble, klass: str = "us_gov") -> None:
    """The page turns out to be of that class."""
    record(sightings=[seen(trouble.page, k.PageAcknowledged(), ago(5), MIRA, klass=klass)], now=NOW)


def had_seen(audience: Audience, trouble: Trouble) -> dict[str, str]:
    found = emergency(audience, trouble.row.public_id, times())
    return {one.face.email: one.how for one in found.facts.seen_before}


BOSS = Audience("administrator", True)


def test_whoever_acted_wrote_or_opened_it_is_listed_but_for_the_cleared(northwind):
    turn(northwind)
    assert northwind.row.klass == "us_gov"
    assert had_seen(BOSS, northwind) == {
        MIRA: "acted in it",
        THEO: "had begun to write in it",
        "manager@demo.example": "last opened it 14 Jul 2026 16:22 UTC",
    }
    lines = AccessLog.objects.filter(kind="had_seen")
    assert {line.klass for line in lines} == {"us_gov"}
    assert {line.path for line in lines} == {f"/emergencies/{northwind.row.public_id}/"}


@pytest.mark.parametrize(
    ("audience", "told"),
    [
        pytest.param(BOSS, True, id="a cleared administrator"),
        pytest.param(Audience("manager", True), True, id="a cleared manager"),
        pytest.param(Audience("engineer", True), False, id="a cleared engineer"),
        pytest.param(Audience("shadow", True), False, id="a cleared shadow"),
    ],
)
def test_who_is_told(northwind, audience, told):
    turn(northwind)
    assert bool(had_seen(audience, northwind)) == told


def test_what_stays_global_and_what_was_never_global_lists_nobody(northwind):
    northwind.replied(10)
    Trouble("Bureau of Tides", 2, klass="us_gov").pages(9, "Sign-in fails").acknowledged(8)
    assert not AccessLog.objects.filter(kind="had_seen").exists()


def test_once_is_enough(northwind):
    turn(northwind)
    before = AccessLog.objects.count()
    northwind.noted(1)
    assert AccessLog.objects.count() == before


def test_the_page_of_a_cleared_administrator_shows_it(northwind, admin, cleared_client):
    turn(northwind)
    path = f"/emergencies/{northwind.row.public_id}/"
    assert "Seen before it was US Gov’s" in admin.get(path).content.decode()
    assert "Seen before it was US Gov’s" not in cleared_client.get(path).content.decode()


@pytest.fixture
def cleared_client(client_of):
    return client_of("cleared")
