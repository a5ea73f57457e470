"""Classes: closed by default, one door, and a database that knows two words."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from ceoc.access.classes import GLOBAL, US_GOV, Classed, may_see, seen_classes
from ceoc.access.models import AccessLog
from ceoc.access.opaque import opaque_id
from ceoc.access.viewer import Audience
from ceoc.clock import wall

pytestmark = pytest.mark.django_db

UNCLEARED, CLEARED = Audience("administrator", cleared=False), Audience("engineer", cleared=True)


def line(**fields: object) -> AccessLog:
    return AccessLog.objects.create(at=wall(), kind="refused", **fields)


def test_a_thing_is_us_gov_until_somebody_says_otherwise() -> None:
    assert line().klass == US_GOV


@pytest.mark.parametrize(
    ("viewer", "seen"),
    [
        pytest.param(None, set(), id="nobody sees nothing"),
        pytest.param(UNCLEARED, {"g"}, id="an uncleared administrator sees global things only"),
        pytest.param(CLEARED, {"g", "u"}, id="a cleared engineer sees both"),
    ],
)
def test_the_one_door(viewer: Audience | None, seen: set[str]) -> None:
    line(email="g", klass=GLOBAL)
    line(email="u", klass=US_GOV)

    assert set(AccessLog.objects.visible_to(viewer).values_list("email", flat=True)) == seen
    assert set(AccessLog.objects.order_by("id").visible_to(viewer).values_list("email", flat=True)) == seen
    assert {word[0] for word in seen_classes(viewer)} == seen


def test_an_unknown_class_is_closed() -> None:
    assert not may_see("something new", UNCLEARED)
    assert may_see("something new", CLEARED)
    assert not may_see(GLOBAL, None)


@pytest.mark.parametrize("word", ["", "US_GOV", "public"])
def test_the_database_refuses_another_word(word: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        line(klass=word)


@pytest.mark.parametrize("model", [m for m in apps.get_models() if issubclass(m, Classed)], ids=lambda m: m.__name__)
def test_every_classed_table_has_the_check(model: type[Classed]) -> None:
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, model._meta.db_table)

    assert any(one["check"] and one["columns"] == ["klass"] for one in constraints.values())


def test_an_opaque_id_is_stable_short_and_tells_nothing() -> None:
    made = {opaque_id(f"ticket:global:{number}") for number in range(2000)}

    assert len(made) == 2000
    assert all(len(one) == 12 and set(one) <= set("abcdefghijklmnopqrstuvwxyz234567") for one in made)
    assert opaque_id("ticket:global:1") == opaque_id("ticket:global:1")


def test_an_opaque_id_hangs_on_the_secret_key(settings) -> None:
    before = opaque_id("page:Q2K7")
    settings.SECRET_KEY = "another"

    assert opaque_id("page:Q2K7") != before
