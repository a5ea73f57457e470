"""The gate's answers as a table, and that an unmarked view is refused."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_POST

from ceoc.access.gate import Gate, Need, answer, gate_of, may, public, public_change, signed, token
from ceoc.access.models import AccessLog
from ceoc.access.viewer import Viewer


def viewer(role: str) -> Viewer:
    return Viewer(1, f"{role}@demo.example", "Somebody", role, cleared=False, zone="UTC")


VIEW, WORK, OWN = Gate("person", "view"), Gate("person", "work"), Gate("person", "view", own_rows=True)
PUBLIC, PUBLIC_CHANGE, SIGNED = Gate("public"), Gate("public", own_rows=True), Gate("signed")
TOKEN = Gate("token", needs=(Need("GET", "read", "view"),))


@pytest.mark.parametrize(
    ("gate", "who", "method", "expected"),
    [
        pytest.param(None, "administrator", "GET", "refused", id="nobody said: refused to everybody"),
        pytest.param(PUBLIC, None, "GET", "open", id="public: a stranger looks"),
        pytest.param(PUBLIC, "shadow", "POST", "refused", id="public: a shadow still changes nothing"),
        pytest.param(PUBLIC_CHANGE, None, "POST", "open", id="public change: a stranger presses"),
        pytest.param(PUBLIC_CHANGE, "shadow", "POST", "open", id="public change: a shadow signs out"),
        pytest.param(SIGNED, None, "POST", "open", id="webhook: the view checks the signature"),
        pytest.param(SIGNED, "shadow", "POST", "refused", id="webhook: no way round for a shadow"),
        pytest.param(TOKEN, None, "GET", "token", id="API: the token is asked for, not the session"),
        pytest.param(TOKEN, "administrator", "POST", "token", id="API: no session is enough"),
        pytest.param(TOKEN, "shadow", "POST", "refused", id="API: no way round for a shadow's session"),
        pytest.param(VIEW, None, "GET", "sign_in", id="a stranger looks: sign in first"),
        pytest.param(VIEW, None, "HEAD", "sign_in", id="a stranger's HEAD is looking"),
        pytest.param(VIEW, None, "POST", "refused", id="a stranger changes: refused"),
        pytest.param(VIEW, None, "PROPFIND", "refused", id="an unheard-of method counts as a change"),
        pytest.param(VIEW, "shadow", "GET", "open", id="a shadow looks"),
        pytest.param(VIEW, "shadow", "POST", "refused", id="a shadow changes what viewing is enough for: refused"),
        pytest.param(OWN, "shadow", "POST", "open", id="a shadow changes what is its own"),
        pytest.param(WORK, "shadow", "GET", "refused", id="a shadow opens a form for work: refused"),
        pytest.param(WORK, "shadow", "POST", "refused", id="a shadow works: refused"),
        pytest.param(WORK, "engineer", "POST", "open", id="an engineer works"),
        pytest.param(Gate("person", "manage"), "engineer", "GET", "refused", id="an engineer manages: refused"),
        pytest.param(Gate("person", "manage"), "manager", "POST", "open", id="a manager manages"),
        pytest.param(Gate("person", "administer"), "manager", "GET", "refused", id="a manager administers: refused"),
        pytest.param(Gate("person", "administer"), "administrator", "POST", "open", id="an administrator administers"),
        pytest.param(VIEW, "none", "GET", "refused", id="without a role: refused"),
    ],
)
def test_the_gate_answers(gate: Gate | None, who: str | None, method: str, expected: str) -> None:
    assert answer(gate, viewer(who) if who else None, method) == expected


def test_a_mark_survives_other_decorators() -> None:
    @require_POST
    @may("work")
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    assert gate_of(view) == WORK


def test_the_mark_for_tokens_asks_for_no_form_token() -> None:
    @token(*TOKEN.needs)
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    assert (gate_of(view), view.csrf_exempt) == (TOKEN, True)


def test_a_misspelt_capability_is_an_error_at_import() -> None:
    with pytest.raises(ValueError, match="is not a capability"):
        may("werk")


def test_only_webhooks_need_no_form_token() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    assert signed(view).csrf_exempt
    for mark in (public, public_change, may("view")):

        def other(request: HttpRequest) -> HttpResponse:
            return HttpResponse()

        assert not hasattr(mark(other), "csrf_exempt")


def unmarked(request: HttpRequest) -> HttpResponse:
    """A view that somebody forgot to classify."""
    return HttpResponse("open to the world")


@may("view", own_rows=True)
def own(request: HttpRequest) -> HttpResponse:
    """A view of one's own rows."""
    return HttpResponse("kept")


@public
def sign_in(request: HttpRequest) -> HttpResponse:
    """Where strangers are sent."""
    return HttpResponse("sign in")


urlpatterns = [path("unmarked/", unmarked), path("own/", own), path("sign-in/", sign_in, name="sign-in")]


@pytest.mark.django_db
@pytest.mark.urls(__name__)
class TestTheDoorkeeper:
    """The middleware asks the gate."""

    @pytest.fixture(autouse=True)
    def plain_pages(self, settings) -> None:
        settings.TEMPLATES = [
            {**settings.TEMPLATES[0], "DIRS": [], "APP_DIRS": False, "OPTIONS": {"loaders": [
                ("django.template.loaders.locmem.Loader", {"errors/403.html": "{{ sentence }}"})]}}
        ]  # fmt: skip

    def test_a_view_that_nobody_classified_is_refused_to_an_administrator(self, admin) -> None:
        answer = admin.get("/unmarked/")

        assert answer.status_code == 403
        assert b"open to the world" not in answer.content

    def test_a_shadow_keeps_what_is_its_own(self, shadow) -> None:
        assert shadow.post("/own/").content == b"kept"

    def test_a_refusal_is_written_to_the_audit_in_the_closed_class(self, shadow) -> None:
        shadow.delete("/unmarked/")
        line = AccessLog.objects.get(kind="refused")

        assert (line.email, line.method, line.path) == ("shadow@demo.example", "DELETE", "/unmarked/")
        assert line.klass == "us_gov"
        assert line.request_id

    def test_a_strangers_refusal_fills_no_table(self, stranger) -> None:
        assert stranger.post("/own/").status_code == 403
        assert not AccessLog.objects.exists()

    @pytest.mark.parametrize("site", ["cross-site", "same-site"])
    def test_a_change_from_another_site_is_refused(self, engineer, site: str) -> None:
        assert engineer.post("/own/", headers={"Sec-Fetch-Site": site}).status_code == 403
        assert engineer.post("/own/", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200

    def test_a_part_of_a_page_sends_its_whole_page_to_sign_in(self, stranger) -> None:
        answer = stranger.get("/own/", headers={"HX-Request": "true"})

        assert (answer.status_code, answer.headers["HX-Redirect"]) == (403, "/sign-in/")

    def test_one_comes_back_to_the_page_after_signing_in(self, stranger) -> None:
        assert stranger.get("/own/?stage=ringing").headers["Location"] == "/sign-in/?next=%2Fown%2F%3Fstage%3Dringing"
