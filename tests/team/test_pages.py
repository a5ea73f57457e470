"""The settings' pages: who reads, who changes, looking before saving, two at once, undoing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from ceoc.access.models import Person
from ceoc.access.viewer import Audience
from ceoc.live import wire
from ceoc.team import change, forms, kinds, store
from ceoc.team.live import SettingSource, SettingsSource
from ceoc.team.models import Version
from emergencies.pages.settings import KINDS
from emergencies.policy.judgement import Thresholds

pytestmark = pytest.mark.django_db

NAMES = (*(kind.name for kind in KINDS), "freshness")
THRESHOLDS = "/settings/thresholds/"
MANAGERS = ("manager", "admin")
READERS = ("engineer", "shadow")
HX = {"HX-Request": "true"}


def text(answer) -> str:
    return answer.content.decode()


def typed(name: str = "thresholds", **changed: str) -> dict[str, str]:
    """What the form of a kind sends, with some of it typed otherwise."""
    kind = kinds.get(name)
    return {"base": str(change.standing(kind).number)} | forms.typed_of(kind, store.current(name)) | changed


def press(client, do: str, name: str = "thresholds", **changed: str):
    why = {"why": changed.pop("why")} if "why" in changed else {}
    return client.post(f"/settings/{name}/change/", typed(name, **changed) | why | {"do": do})


def save(client, **changed: str):
    return press(client, "save", why="We agreed on it.", **changed)


@pytest.mark.parametrize("who", [*MANAGERS, *READERS])
def test_everybody_reads_and_only_managers_are_given_a_form(client_of, who):
    client = client_of(who)
    listed = text(client.get("/settings/"))
    for name in NAMES:
        assert f'href="/settings/{name}/"' in listed
        page = client.get(f"/settings/{name}/")
        assert page.status_code == 200
        assert ("Look at what changes" in text(page)) is (who in MANAGERS)
        assert ("What stands" in text(page)) is (who in READERS)
    assert client.get("/settings/unknown/").status_code == 404


def test_the_place_stands_in_the_bar_of_managers_and_in_everybodys_own_menu(manager, engineer):
    for client, in_bar in ((manager, True), (engineer, False)):
        page = text(client.get("/commands/"))
        places = page.partition('<nav class="places"')[2].partition("</nav>")[0]
        assert ('href="/settings/"' in places) is in_bar
        assert "The team’s settings" in page


@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize("do", ["look", "save", "edit"])
def test_whoever_may_not_manage_changes_nothing(client_of, who, do):
    assert press(client_of(who), do, at_once="9", why="Because.").status_code == 403
    assert client_of(who).post(f"{THRESHOLDS}undo/1/").status_code == 403
    assert Version.objects.count() == 0


def test_a_change_is_looked_at_before_it_is_saved(manager):
    looked = press(manager, "look", at_once="3")
    assert looked.status_code == 200
    for said in ("2 minutes", "3 minutes", "Clocks that run already keep their times", "Save for the team"):
        assert said in text(looked)
    assert 'name="at_once" value="3"' in text(looked)
    assert Version.objects.count() == 0
    assert save(manager, at_once="3").url == THRESHOLDS
    page = text(manager.get(THRESHOLDS))
    assert "Thresholds: saved." in page
    assert "We agreed on it." in page
    assert "Ines Calder" in page
    assert store.current("thresholds") == Thresholds(at_once=timedelta(minutes=3))


def test_a_reason_is_asked_for_and_what_was_typed_is_kept(manager):
    for why, says in (("", "Say why"), ("   ", "Say why"), ("x" * 501, "longer than 500")):
        answer = press(manager, "save", at_once="3", why=why)
        assert answer.status_code == 400
        assert says in text(answer)
        assert 'name="at_once" value="3"' in text(answer)
    assert Version.objects.count() == 0


def test_one_can_go_back_to_the_form_with_all_that_was_typed(manager):
    answer = press(manager, "edit", at_once="3", first_reply="nonsense", why="Half a reason")
    assert answer.status_code == 200
    assert 'name="at_once" type="number" inputmode="numeric" min="1" max="30" step="1" value="3"' in text(answer)
    assert 'value="nonsense"' in text(answer)
    assert 'name="why" value="Half a reason"' in text(answer)


@pytest.mark.parametrize(
    ("name", "changed", "wrong"),
    [
        ("thresholds", {"at_once": "0"}, {"at_once": "from 1 to 30"}),
        ("thresholds", {"first_reply": ""}, {"first_reply": "from 5 to 240"}),
        ("thresholds", {"apart": "many"}, {"apart": "seconds from 0 to 300"}),
        ("freshness", {"stale_after": "1"}, {"stale_after": "from 2 to 120"}),
        ("services", {"services-0-name": ""}, {"services-0-name": "Write the name of this service"}),
        ("services", {"services-0-portal": "moon"}, {"services-0-portal": "Choose one of these"}),
        ("services", {"services-2-name": "Customer Support"}, {"services-2-name": "stands here twice"}),
        ("services", {"policies-0-region": ""}, {"policies-0-region": "Choose one of these"}),
        ("services", {"services-1-portal": "global"}, {"services-1-portal": "Only somebody who is cleared"}),
        ("services", {"services-1-remove": "on"}, {"services-1-portal": "Only somebody who is cleared"}),
        ("services", {"services-2-name": "New", "services-2-portal": "global"}, {"services-2-portal": "Only somebody"}),
        ("channels", {"channels-0-name": "#Support"}, {"channels-0-name": "small letters"}),
        ("channels", {"channels-2-cleared": ""}, {"channels-2-cleared": "need a channel that is cleared"}),
        ("channels", {"channels-3-cleared": "on"}, {"channels-3-cleared": "Only somebody who is cleared"}),
        ("channels", {"channels-0-remove": "on"}, {"channels-0-purpose": "No channel is for threads of self-managed"}),
        ("links", {"links-0-address": "javascript:alert(1)"}, {"links-0-address": "begin with https://"}),
        ("links", {"links-1-us_gov": "on"}, {"links-1-us_gov": "Only somebody who is cleared"}),
        ("links", {"links-0-address": "https://other.example/"}, {"links-0-us_gov": "Only somebody who is cleared"}),
        ("bots", {"bots-0-name": "Bot\u200b"}, {"bots-0-name": "nobody can see"}),
    ],
    ids=lambda part: part if isinstance(part, str) else "-".join(part),
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_input_and_nothing_is_saved(manager, name, changed, wrong):
    for do in ("look", "save"):
        answer = press(manager, do, name, why="Because.", **changed)
        assert answer.status_code == 400
        told = dict(re.findall(r'id="in-([\w-]+)-error">([^<]+)<', text(answer)))
        assert set(told) == set(wrong)
        assert all(sentence in told[place] for place, sentence in wrong.items())
        assert "Nothing is saved yet" in text(answer)
    assert Version.objects.count() == 0


def test_what_only_the_cleared_may_say_the_cleared_may_say(admin):
    looked = press(admin, "look", "services", **{"services-2-name": "New", "services-2-portal": "global"})
    assert "Everybody sees the pages of New that come from now on." in text(looked)
    assert press(admin, "save", "channels", why="Cleared.", **{"channels-3-cleared": "on"}).status_code == 302
    assert store.current("channels").cleared == ("spt_us-government", "support_managers")


def test_nothing_is_saved_where_nothing_is_different(manager):
    answer = press(manager, "look")
    assert answer.status_code == 400
    assert "Nothing is different from what stands." in text(answer)


def test_the_second_of_two_sees_who_was_first_and_keeps_what_they_typed(manager, admin):
    mine = typed(at_once="7") | {"do": "look"}
    assert save(admin, at_once="4", first_reply="45").status_code == 302
    answer = manager.post(f"{THRESHOLDS}change/", mine)
    assert answer.status_code == 409
    page = text(answer)
    assert "Noor Haddad changed this meanwhile" in page
    assert "We agreed on it." in page
    for line in ("2 minutes", "4 minutes", "45 minutes"):
        assert line in page
    assert 'step="1" value="7"' in page
    assert 'name="base" value="1"' in page
    looked = text(manager.post(f"{THRESHOLDS}change/", mine | {"base": "1"}))
    assert "4 minutes" in looked
    assert "7 minutes" in looked
    late = manager.post(f"{THRESHOLDS}change/", mine | {"do": "save", "why": "Mine."})
    assert late.status_code == 409
    assert store.current("thresholds").at_once == timedelta(minutes=4)


@pytest.mark.parametrize("base", ["", "-1", "x", "5", "9999999999"])
def test_a_forged_number_saves_nothing_over_anybody(manager, base):
    save(manager, at_once="4")
    answer = manager.post(f"{THRESHOLDS}change/", typed(at_once="9") | {"base": base, "do": "save", "why": "Mine."})
    assert answer.status_code == 409
    assert Version.objects.count() == 1


def test_undoing_is_one_press(manager):
    save(manager, at_once="4")
    assert manager.post(f"{THRESHOLDS}undo/1/").url == THRESHOLDS
    page = text(manager.get(THRESHOLDS))
    assert "Version 1 is undone." in page
    assert "Undoes version 1: We agreed on it." in page
    assert store.current("thresholds") == Thresholds()
    scripted = manager.post(f"{THRESHOLDS}undo/2/", headers=HX)
    assert scripted["HX-Redirect"] == THRESHOLDS
    assert store.current("thresholds").at_once == timedelta(minutes=4)


def test_what_is_not_the_newest_is_not_undone(manager):
    save(manager, at_once="4")
    for number in (2, 0, 10**12):
        answer = manager.post(f"{THRESHOLDS}undo/{number}/", headers=HX)
        assert answer.status_code == 409
        assert "Somebody changed this meanwhile." in text(answer)
    assert Version.objects.count() == 1
    manager.post(f"{THRESHOLDS}undo/9/")
    assert "Somebody changed this meanwhile." in text(manager.get(THRESHOLDS))


def test_reading_never_writes(manager):
    for address in (f"{THRESHOLDS}change/", f"{THRESHOLDS}undo/1/"):
        assert manager.get(address).status_code == 405
    assert Version.objects.count() == 0


def test_texts_of_people_are_text(manager):
    evil = "<script>alert(1)</script>"
    press(manager, "save", "bots", why=evil, **{"bots-1-name": evil})
    page = text(manager.get("/settings/bots/"))
    assert "<script>alert(1)" not in page
    assert page.count("&lt;script&gt;alert(1)") >= 3


def test_pages_cost_the_same_for_one_version_and_for_forty(
    manager, django_assert_num_queries, django_assert_max_num_queries
):
    Person.objects.welcome("late@demo.example", name="Late Comer", role="manager")
    save(manager, at_once="4")
    counts = {}
    for address in ("/settings/", THRESHOLDS):
        manager.get(address)
        with django_assert_max_num_queries(12) as once:
            manager.get(address)
        counts[address] = len(once.captured_queries)
    for number in range(40):
        save(manager, at_once=str(5 + number % 20))
    for address, count in counts.items():
        manager.get(address)
        with django_assert_num_queries(count):
            manager.get(address)
    assert "Older versions are kept, but not shown here." in text(manager.get(THRESHOLDS))


def test_the_live_parts_are_the_pages_own_and_offer_undoing_to_managers_alone(manager):
    save(manager, at_once="4")
    for role, may_undo in (("manager", True), ("engineer", False)):
        (part,) = SettingSource().render("thresholds", Audience(role, False), None)
        assert part.target == "setting-history"
        assert ("Undo version 1" in part.html) is may_undo
        assert "csrf" not in part.html
        assert wire.encode(part)
    (listed,) = SettingsSource().render("", Audience("engineer", False), None)
    assert "Version 1, Ines Calder" in listed.html
    assert SettingSource().render("unknown", Audience("manager", True), None) == []
    assert SettingSource().topics("thresholds") == {"setting:thresholds"}
    assert "setting:thresholds" in text(manager.get(THRESHOLDS))
