"""Clearance: the first at the machine, later ones on a cleared person's word, never one's own, all of it audited."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from ceoc.access import clearance
from ceoc.access.models import AccessLog, Person

pytestmark = pytest.mark.django_db

ENGINEER, SECOND, CLEARED = "engineer@demo.example", "second@demo.example", "cleared@demo.example"


def clear(*arguments: str) -> str:
    said = StringIO()
    call_command("clear", *arguments, stdout=said)
    return said.getvalue()


def is_cleared(email: str) -> bool:
    return Person.objects.get(email=email).us_gov_cleared


def test_the_first_is_cleared_at_the_machine_and_audited(person_of) -> None:
    person_of("engineer")

    assert "Mira Okafor is cleared" in clear("Engineer@demo.example")
    assert is_cleared(ENGINEER)
    line = AccessLog.objects.get()
    assert (line.kind, line.email, line.by, line.klass) == ("cleared", ENGINEER, "manage.py clear", "us_gov")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param([ENGINEER], "name them with --by", id="a second one without anybody's word"),
        pytest.param([ENGINEER, "--by", SECOND], "name them with --by", id="on the word of somebody uncleared"),
        pytest.param([CLEARED, "--by", CLEARED], "cleared already", id="who is cleared already"),
        pytest.param(["nobody@demo.example", "--by", CLEARED], "Nobody active has the e-mail", id="nobody"),
        pytest.param([CLEARED, "--revoke", "--by", CLEARED], "their own clearance", id="ending one's own"),
        pytest.param([ENGINEER, "--revoke", "--by", CLEARED], "is not cleared", id="ending what is not there"),
        pytest.param([CLEARED, "--revoke"], "name them with --by", id="ending it on nobody's word"),
    ],
)
def test_what_is_refused(person_of, arguments: list[str], sentence: str) -> None:
    for name in ("engineer", "second", "cleared"):
        person_of(name)
    before = AccessLog.objects.count()

    with pytest.raises(CommandError, match=sentence):
        clear(*arguments)
    assert (is_cleared(ENGINEER), is_cleared(CLEARED)) == (False, True)
    assert AccessLog.objects.count() == before


def test_nobody_is_named_while_nobody_is_cleared(person_of) -> None:
    person_of("engineer")
    person_of("second")

    with pytest.raises(CommandError, match="Nobody is yet"):
        clear(ENGINEER, "--by", SECOND)


def test_a_cleared_person_grants_and_ends(person_of) -> None:
    person_of("engineer")
    person_of("cleared")

    clear(ENGINEER, "--by", CLEARED)
    assert is_cleared(ENGINEER)
    clear(ENGINEER, "--revoke", "--by", CLEARED)
    assert not is_cleared(ENGINEER)
    told = AccessLog.objects.filter(email=ENGINEER).order_by("id").values_list("kind", "by")
    assert list(told) == [("cleared", CLEARED), ("clearance_ended", CLEARED)]


def test_the_word_of_somebody_who_left_counts_nothing(person_of) -> None:
    person_of("engineer")
    sam, _ = person_of("cleared"), person_of("admin")
    sam.is_active = False
    sam.save()

    with pytest.raises(clearance.Refused):
        clearance.grant(ENGINEER, by=CLEARED)


def test_a_change_is_announced_to_open_streams(person_of, monkeypatch) -> None:
    person_of("engineer")
    heard: list[tuple[list[str], str]] = []
    monkeypatch.setattr(clearance, "announce", lambda topics, klass: heard.append((list(topics), klass)))
    clearance.grant(ENGINEER)

    assert heard == [(["access"], "global")]


def test_being_cleared_counts_from_the_next_request(engineer, viewer_of_role) -> None:
    assert not viewer_of_role("engineer").cleared
    Person.objects.filter(email=ENGINEER).update(us_gov_cleared=True)

    assert engineer.get("/").wsgi_request.viewer.cleared
