"""The pages about people: what each shows to whom, by how many queries, and what a press brings about."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ceoc.access.models import AccessLog, Person
from ceoc.demo import people as cast
from ceoc.people.models import Listing, Match, Member
from ceoc.people.places import PAGERDUTY, SLACK, ZENDESK, ZENDESK_US_GOV
from tests.people.told import READ_AT, main, ready, told

pytestmark = pytest.mark.django_db

LOOKS = ("/people/", "/people/table/", "/people/unmatched/", "/people/unmatched/lists/")


def page(person: Person, what: str = "") -> str:
    return f"/people/{person.public_id}/{what}"


def text(client, path: str, **data: str) -> str:
    answer = client.post(path, data, follow=True) if data else client.get(path)
    assert answer.status_code == 200, path
    return main(answer.content.decode())


@pytest.fixture
def mira(person_of):
    return ready(person_of("engineer"))


@pytest.fixture
def uncleared_administrator(client):
    boss = Person.objects.welcome("boss@demo.example", name="Una Boss", role="administrator", zone="Europe/Berlin")
    client.force_login(boss)
    return client


class TestTheList:
    def test_shows_role_zone_readiness_and_matches(self, admin, mira, person_of):
        told(person_of("second"), ZENDESK, state="absent", facts={})
        html = text(admin, "/people/")
        assert "Mira Okafor" in html
        assert "America/New_York" in html
        assert "Theo Lindqvist" in html
        assert "1 missing" in html

    @pytest.mark.parametrize(
        ("show", "names"),
        [
            pytest.param("unready", {"Theo Lindqvist", "Noor Haddad"}, id="not ready, or not known"),
            pytest.param("unmatched", {"Theo Lindqvist"}, id="unknown at a vendor"),
            pytest.param("left", {"Ayo Bright"}, id="left"),
        ],
    )
    def test_is_narrowed(self, admin, mira, person_of, show, names):
        told(ready(person_of("second")), ZENDESK, state="absent", facts={})
        Person.objects.filter(pk=person_of("shadow").pk).update(is_active=False)
        html = text(admin, f"/people/table/?show={show}")
        everybody = {"Mira Okafor", "Theo Lindqvist", "Noor Haddad", "Ayo Bright"}
        assert {name for name in everybody if name in html} == names

    def test_finds_by_name_and_says_when_there_is_nobody(self, admin, mira):
        assert "Mira Okafor" in text(admin, "/people/table/?q=oKaf")
        html = text(admin, "/people/table/?q=zzzz")
        assert "Nobody like that" in html
        assert "Mira Okafor" not in html

    def test_odd_filters_ask_for_the_default(self, admin, mira):
        assert "Mira Okafor" in text(admin, "/people/?show=%00&page=x&q=")
        assert text(admin, "/people/?page=9999")

    def test_goes_on_on_further_pages(self, admin):
        for number in range(60):
            Person.objects.welcome(f"p{number:02}@demo.example", name=f"Person {number:02}")
        first, second = text(admin, "/people/"), text(admin, "/people/?page=2")
        assert ("Person 05" in first, "Person 59" in first) == (True, False)
        assert ("Person 05" in second, "Person 59" in second) == (False, True)
        assert "?page=2" in first


@pytest.mark.parametrize("path", [*LOOKS, "person", "own"])
def test_the_queries_do_not_grow_with_the_people(admin, person_of, path):
    noor = person_of("admin")
    path = {"person": page(noor), "own": "/me/"}.get(path, path)
    counts = []
    for more in (0, 30):
        for number in range(more):
            ready(Person.objects.welcome(f"p{number}@demo.example", name=f"Person {number}", role="engineer"))
            Member.objects.create(vendor="pagerduty", vendor_id=f"P{number}", klass="global", name=f"Member {number}")
        admin.get(path)
        with CaptureQueriesContext(connection) as asked:
            admin.get(path)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 14


class TestWhoMayLook:
    @pytest.mark.parametrize("path", LOOKS)
    @pytest.mark.parametrize(
        ("who", "status"),
        [("admin", 200), ("manager", 200), ("engineer", 403), ("cleared", 403), ("shadow", 403), ("stranger", 302)],
    )
    def test_the_lists(self, client_of, path, who, status):
        assert client_of(who).get(path).status_code == status

    @pytest.mark.parametrize("what", ["", "readiness/"])
    @pytest.mark.parametrize(
        ("who", "status"),
        [("admin", 200), ("manager", 200), ("engineer", 403), ("cleared", 403), ("shadow", 403), ("stranger", 302)],
    )
    def test_a_person(self, client_of, mira, what, who, status):
        assert client_of(who).get(page(mira, what)).status_code == status

    @pytest.mark.parametrize(
        ("path", "may"),
        [
            ("read/", {"admin", "manager"}), ("clear/", {"admin", "manager"}), ("end-clearance/", {"admin", "manager"}),
            ("leave/", {"admin"}), ("come-back/", {"admin"}),
            ("/people/read/", {"admin"}), ("/people/match/", {"admin"}), ("/people/unmatch/", {"admin"}),
            ("/people/aside/", {"admin"}),
        ],
    )  # fmt: skip
    def test_a_change(self, client_of, mira, path, may):
        path = path if path.startswith("/") else page(mira, path)
        for who in ("admin", "manager", "engineer", "cleared", "shadow", "stranger"):
            refused = client_of(who).post(path, {"person": mira.public_id}).status_code == 403
            assert refused == (who not in may), who

    def test_nobody_is_not_found(self, admin):
        assert admin.get("/people/aaaaaaaaaaaa/").status_code == 404
        assert admin.post("/people/aaaaaaaaaaaa/read/").status_code == 404
        assert admin.get("/people/aaaaaaaaaaaa/leave/").status_code == 404

    def test_a_manager_is_shown_nothing_that_would_be_refused(self, manager, mira):
        html = text(manager, page(mira)) + text(manager, "/people/") + text(manager, "/people/unmatched/")
        for words in ("Match them", "Let Mira Okafor leave", "Read everybody again", "None of us"):
            assert words not in html
        assert "Read again" in html


class TestClearanceIsKnownToFew:
    def test_the_cleared_and_administrators_know_who_is_cleared(self, admin, uncleared_administrator, person_of):
        sam = person_of("cleared")
        assert "US Gov cleared" in text(admin, page(sam))
        assert "US Gov cleared" in text(uncleared_administrator, page(sam))

    def test_an_uncleared_manager_does_not(self, manager, person_of):
        sam = person_of("cleared")
        told(sam, ZENDESK_US_GOV)
        html = text(manager, page(sam)) + text(manager, "/people/") + text(manager, "/people/unmatched/")
        assert "US Gov" not in html
        assert "leared" not in html.replace("cleared@demo.example", "")

    def test_the_account_of_us_government_is_seen_by_the_cleared_alone(self, admin, uncleared_administrator, person_of):
        sam = person_of("cleared")
        told(sam, ZENDESK_US_GOV)
        Member.objects.create(vendor="zendesk", account="us_gov", vendor_id="77", name="Quiet Bot")
        Listing.objects.create(vendor="zendesk", account="us_gov", due_at=READ_AT)
        for path in (page(sam), "/people/", "/people/unmatched/"):
            assert "Zendesk US Gov" in text(admin, path), path
            assert "Zendesk US Gov" not in text(uncleared_administrator, path), path
        assert "Quiet Bot" not in text(uncleared_administrator, "/people/unmatched/")
        form = {"person": sam.public_id, "place": "zendesk:us_gov", "who": "x@demo.example", "back": "/people/"}
        assert "Choose where" in text(uncleared_administrator, "/people/match/", **form)


class TestMatchingByHand:
    def test_a_person_is_picked_recorded_and_taken_back(self, admin, mira):
        form = {"person": mira.public_id, "place": SLACK.key, "who": "mira.o@demo.example", "back": page(mira)}
        assert "is looked for in Slack" in text(admin, "/people/match/", **form)
        match = Match.objects.get(person=mira, vendor="slack")
        assert (match.picked, match.picked_by, match.state) == ("mira.o@demo.example", "admin@demo.example", "unread")
        assert match.due_at is not None
        html = text(admin, page(mira))
        assert "Noor Haddad picked mira.o@demo.example" in html
        assert "Undo the match in Slack" in html
        assert "by their own e-mail again" in text(admin, "/people/unmatch/", **form)
        assert Match.objects.get(person=mira, vendor="slack").picked == ""
        lines = AccessLog.objects.filter(email=mira.email, kind__in=("matched", "unmatched")).order_by("id")
        assert [(one.kind, one.by) for one in lines] == [
            ("matched", "admin@demo.example"), ("unmatched", "admin@demo.example"),
        ]  # fmt: skip
        assert "Match by hand undone" in text(admin, page(mira))

    @pytest.mark.parametrize(
        ("who", "sentence"),
        [
            pytest.param("", "Write their e-mail or id", id="nobody"),
            pytest.param("x" * 300, "Write their e-mail or id", id="too long"),
            pytest.param("second@demo.example", "That is Theo Lindqvist", id="the e-mail of another of us"),
            pytest.param("SECOND@demo.example", "That is Theo Lindqvist", id="in whatever case"),
        ],
    )
    def test_what_is_refused(self, admin, mira, person_of, who, sentence):
        person_of("second")
        form = {"person": mira.public_id, "place": SLACK.key, "who": who, "back": page(mira)}
        assert sentence in text(admin, "/people/match/", **form)
        assert Match.objects.get(person=mira, vendor="slack").picked == ""

    def test_the_id_of_another_of_us_is_refused(self, admin, mira, person_of):
        theo = ready(person_of("second"))
        form = {"person": mira.public_id, "place": ZENDESK.key, "who": f"V{theo.pk}", "back": page(mira)}
        assert "Nobody acts in the name of another of us" in text(admin, "/people/match/", **form)

    def test_nothing_is_undone_twice(self, admin, mira):
        form = {"person": mira.public_id, "place": SLACK.key, "back": page(mira)}
        assert "is not matched by hand" in text(admin, "/people/unmatch/", **form)

    def test_by_another_address_at_the_vendor_somebody_is_found(self, admin, read):
        agnes = cast.settle(next(one for one in cast.COLLEAGUES if one.name == "Agnes Pereira"))
        read()
        assert "Agnes Pereira" in text(admin, "/people/unmatched/")
        form = {"person": agnes.public_id, "place": SLACK.key, "who": "agnes.pereira@demo.example", "back": "/people/"}
        text(admin, "/people/match/", **form)
        read()
        match = Match.objects.get(person=agnes, vendor="slack")
        assert (match.state, match.email) == ("found", "agnes.pereira@demo.example")
        assert "Agnes Pereira" not in text(admin, "/people/unmatched/lists/").split("there-title")[0]

    def test_an_id_that_turns_out_to_be_another_of_us_is_not_taken(self, admin, mira, person_of, read):
        theo = person_of("second")
        read()
        key = Match.objects.get(person=theo, vendor="pagerduty").vendor_id
        Match.objects.filter(person=theo).delete()
        form = {"person": mira.public_id, "place": PAGERDUTY.key, "who": key, "back": page(mira)}
        text(admin, "/people/match/", **form)
        Match.objects.filter(vendor="pagerduty").exclude(person=mira).delete()
        read()
        match = Match.objects.get(person=mira, vendor="pagerduty")
        assert (match.state, match.facts) == ("absent", {"taken": True})
        assert "is another of us" in text(admin, page(mira))


class TestWhoDoesNotMatch:
    def test_both_sides_with_what_to_do(self, admin, person_of):
        told(person_of("second"), SLACK, state="absent", facts={})
        Member.objects.create(
            vendor="pagerduty", vendor_id="PBRAM", klass="global", name="Bram Visser", email="bram@demo.example"
        )
        Listing.objects.create(vendor="pagerduty", klass="global", due_at=READ_AT, read_at=READ_AT, asked=False)
        html = text(admin, "/people/unmatched/")
        here, there = html.split("there-title", 1)
        assert "Theo Lindqvist" in here
        assert "Match them by hand on their page" in here
        assert "Bram Visser" in there
        assert "after their first sign-in" in there

    def test_who_is_none_of_us_is_put_aside_and_listed_again(self, admin, person_of):
        person_of("admin")
        Member.objects.create(vendor="zendesk", account="global", vendor_id="7", klass="global", name="Support Bot")
        form = {"member": "zendesk:global:7", "back": "/people/unmatched/"}
        html = text(admin, "/people/aside/", **form)
        assert "put aside by admin@demo.example" in html
        assert Member.objects.get().aside_by == "admin@demo.example"
        text(admin, "/people/aside/", take_back="zendesk:global:7", back="/people/unmatched/")
        assert Member.objects.get().aside_by == ""
        refusal = text(admin, "/people/aside/", member="zendesk:global:8", back="/people/unmatched/")
        assert "does not list them any more" in refusal

    def test_nothing_yet_says_what_comes(self, admin):
        assert "being read for the first time" in text(admin, "/people/unmatched/")


class TestReadingAgain:
    def test_is_shown_as_waiting_until_it_is_done(self, manager, mira):
        assert "is being read anew" in text(manager, page(mira, "read/"), back=page(mira))
        assert Match.objects.filter(person=mira, due_at__isnull=False).count() == 4
        assert "being read…" in text(manager, page(mira, "readiness/"))
        Match.objects.update(due_at=None)
        assert "being read…" not in text(manager, page(mira, "readiness/"))

    def test_everybody(self, admin, mira):
        assert "Everybody is being read anew" in text(admin, "/people/read/", back="/people/")
        assert Match.objects.filter(person=mira, due_at__isnull=False).count() == 4


class TestOnesOwnPage:
    def test_shows_what_is_missing_and_what_to_do(self, engineer, mira):
        told(mira, ZENDESK, state="absent", facts={})
        html = text(engineer, "/me/")
        assert "Zendesk does not know this person" in html
        assert "Ask an administrator of Zendesk" in html
        assert "US Gov" not in html

    def test_a_stale_answer_says_since_when_and_why(self, engineer, mira):
        told(mira, ZENDESK, failed_at=READ_AT.replace(hour=18), reason="Zendesk cannot be reached.")
        html = text(engineer, "/me/")
        assert "This may be old. Zendesk cannot be reached." in html
        assert "Missing" not in html

    def test_the_zone_is_ones_own_to_choose_a_shadows_too(self, shadow, engineer, person_of):
        assert "Times are shown in Asia/Tokyo" in text(shadow, "/me/zone/", zone="Asia/Tokyo")
        assert Person.objects.get(email="shadow@demo.example").zone == "Asia/Tokyo"
        for odd in ("Mars/Phobos", "Etc/GMT+5", "../etc/passwd", "UTC"):
            assert "Choose a zone from the list" in text(engineer, "/me/zone/", zone=odd)
        assert Person.objects.get(email="engineer@demo.example").zone == "America/New_York"

    def test_a_shadow_asks_no_vendor(self, shadow):
        assert shadow.post("/me/read/").status_code == 403
        assert "Read again" not in text(shadow, "/me/")

    def test_the_menu_leads_there(self, engineer):
        assert 'href="/me/"' in engineer.get("/").content.decode()
