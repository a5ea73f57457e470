"""The one request place: what each way of failing becomes, for all three libraries, over real connections."""

from __future__ import annotations

import contextlib
import gzip
import json
import socket
import threading
import time
import traceback
from datetime import UTC, datetime

import pytest

from ceoc.vendors.answers import Answer, retry_after, saying, verdict
from ceoc.vendors.errors import Ambiguous, Refused, Unavailable
from ceoc.vendors.line import Limits, Line, Party
from ceoc.vendors.pagerduty import PagerDuty
from ceoc.vendors.slack import Slack
from ceoc.vendors.zendesk import Zendesk
from tests.vendors.ears import Ears
from tests.vendors.odd_server import breaks_off, drips, drops, hangs, says

QUICK = Limits(connect=0.3, read=0.4, whole=0.8, largest=50_000)
TOKEN = "s3cret-token-of-the-vendor"

USERS = says(200, {"users": [{"id": "U1", "name": "Mira", "email": "mira@demo.example"}], "more": False})
INCIDENT = {"incident": {"id": "Q1", "status": "acknowledged", "created_at": "2026-07-14T16:00:00Z", "title": "t"}}
TICKET = {"ticket": {"id": 5}, "audit": {"id": 9, "ticket_id": 5, "created_at": "2026-07-14T16:00:00Z", "events": []}}
AGENT = {"users": [{"id": 7, "email": "mira@demo.example", "role": "agent"}], "next_page": None, "count": 1}


def pagerduty(url, ears=None):
    return PagerDuty(url=url, token=lambda: TOKEN, hearing=ears or Ears(), limits=QUICK)


def zendesk(url, ears=None):
    email = "bot@demo.example"
    return Zendesk(account="global", url=url, email=email, token=lambda: TOKEN, hearing=ears or Ears(), limits=QUICK)


def slack(url, ears=None):
    return Slack(url=f"{url}/api/", token=lambda: TOKEN, hearing=ears or Ears(), limits=QUICK)


def reads(url, ears=None):
    """A read through each library."""
    return {
        "pagerduty": lambda: pagerduty(url, ears).notes("Q1"),
        "zendesk": lambda: zendesk(url, ears).organization("5"),
        "slack": lambda: slack(url, ears).permalink("C0000001", "1.2"),
    }


def writes(url, ears=None):
    """A write through each library that begins with no read."""
    return {
        "pagerduty": lambda: pagerduty(url, ears).acknowledge("Q1", "mira@demo.example"),
        "zendesk": lambda: zendesk(url, ears).public_reply("5", "Hello", by="mira@demo.example", command="c1"),
        "slack": lambda: slack(url, ears).post("C0000001", "Hello", command="c1"),
    }


VENDORS = ("pagerduty", "zendesk", "slack")


def before(vendor):
    """Steps that come before a vendor's write: Zendesk is asked for the agent first."""
    return [says(200, AGENT)] if vendor == "zendesk" else []


@pytest.mark.parametrize("vendor", VENDORS)
def test_nobody_listens(vendor):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    ears = Ears()
    for call in (reads(url, ears)[vendor], writes(url, ears)[vendor]):
        with pytest.raises(Unavailable, match="cannot be reached"):
            call()
    assert [bool(reason) for *_, reason in ears.told] == [True, True]


@pytest.mark.parametrize("vendor", VENDORS)
def test_nobody_picks_up(vendor):
    """A full backlog: connecting takes for ever."""
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        began = time.monotonic()
        with pytest.raises(Unavailable, match="cannot be reached"):
            writes(f"http://127.0.0.1:{full.getsockname()[1]}")[vendor]()
        assert time.monotonic() - began < 2
        for one in waiting:
            one.close()


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("step", [drops, breaks_off, hangs(1), drips(3)], ids=["drops", "breaks off", "hangs", "drips"])
class TestNoAnswer:
    def test_a_read_is_unavailable(self, server, vendor, step):
        server.plan = [step]
        began = time.monotonic()
        with pytest.raises(Unavailable):
            reads(server.url)[vendor]()
        assert time.monotonic() - began < 1.5
        assert len(server.asked) == 1, "nothing is resent by a library"

    def test_a_write_is_ambiguous_and_never_resent(self, server, vendor, step):
        server.plan = [*before(vendor), step]
        with pytest.raises(Ambiguous, match="may have been done"):
            writes(server.url)[vendor]()
        assert len(server.asked) == 1 + len(before(vendor))


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize(
    ("status", "on_read", "on_write"),
    [
        (429, Unavailable, Unavailable),
        (503, Unavailable, Unavailable),
        (500, Unavailable, Ambiguous),
        (502, Unavailable, Ambiguous),
        (504, Unavailable, Ambiguous),
        (400, Refused, Refused),
        (403, Refused, Refused),
        (404, Refused, Refused),
        (422, Refused, Refused),
        (302, Refused, Refused),
    ],
)
def test_statuses(server, vendor, status, on_read, on_write):
    server.plan = [says(status, {"error": {"message": "No"}}, Retry_After="7", Location=f"{server.url}/elsewhere")]
    with pytest.raises(on_read) as read:
        reads(server.url)[vendor]()
    server.plan = [*before(vendor), says(status, {"error": {"message": "No"}}, Retry_After="7")]
    with pytest.raises(on_write):
        writes(server.url)[vendor]()
    assert len(server.asked) == 2 + len(before(vendor)), "no library waits, retries or follows by itself"
    if status == 429:
        assert read.value.retry_after == 7


@pytest.mark.parametrize("vendor", VENDORS)
def test_an_answer_that_is_no_json(server, vendor):
    server.plan = [says(200, b"<html>maintenance</html>")]
    with pytest.raises((Refused, Unavailable)):
        reads(server.url)[vendor]()
    server.plan = [*before(vendor), says(200, b"<html>maintenance</html>")]
    with pytest.raises(Ambiguous):
        writes(server.url)[vendor]()


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("answer", [[], {"odd": 1}, {"ok": True}, {"ok": 5, "notes": 5, "organization": []}, 7, None])
def test_an_answer_of_another_shape_is_one_of_our_errors(server, vendor, answer):
    server.plan = [says(200, answer)]
    with contextlib.suppress(Refused, Unavailable):
        reads(server.url)[vendor]()
    server.plan = [*before(vendor), says(200, answer)]
    with pytest.raises((Ambiguous, Refused)):
        writes(server.url)[vendor]()


def test_an_answer_that_is_too_large_is_not_taken(server):
    server.plan = [says(200, {"notes": "x" * 60_000})]
    with pytest.raises(Unavailable, match="broke off"):
        pagerduty(server.url).notes("Q1")


def test_a_compressed_answer_is_read_whole(server):
    body = gzip.compress(json.dumps({"notes": []}).encode())
    server.plan = [says(200, body, Content_Encoding="gzip"), USERS]
    assert pagerduty(server.url).notes("Q1") == ()


@pytest.mark.parametrize("vendor", VENDORS)
def test_tokens_are_in_no_error_log_or_trace(server, vendor, caplog, capsys):
    caplog.set_level("DEBUG")
    for step in (drops, says(401, {"error": f"bad token {TOKEN}"}), says(500, {}), says(200, b"<html>")):
        server.plan = [step]
        with pytest.raises((Refused, Unavailable)) as error:
            reads(server.url)[vendor]()
        assert TOKEN not in "".join(traceback.format_exception(error.value))
    assert any(TOKEN in "".join(asked.headers.values()) or asked.headers for asked in server.asked)
    assert TOKEN not in caplog.text
    out = capsys.readouterr()
    assert TOKEN not in out.out + out.err


def test_a_missing_token_is_refused_without_a_word_of_it(server):
    door = Zendesk(account="global", url=server.url, email="bot@demo.example", token=lambda: "", hearing=Ears())
    with pytest.raises(Refused, match="no token is set") as error:
        door.organization("5")
    assert "bot@demo.example" not in "".join(traceback.format_exception(error.value))


def test_a_link_to_another_address_is_not_followed(server):
    users = [{"id": 7, "email": "else@demo.example", "role": "agent"}]
    elsewhere = "http://127.0.0.1:1/api/v2/users/search.json?page=2"
    server.plan = [says(200, {"users": users, "next_page": elsewhere, "count": 200})]
    with pytest.raises(Refused, match="not its own"):
        zendesk(server.url).agent("mira@demo.example")


def test_an_address_that_only_begins_alike_is_another(server):
    party = Party("pagerduty", "PagerDuty", "https://api.vendor.example")
    line = Line(party, Ears())
    for address in (
        "https://api.vendor.example.org/x",
        "https://api.vendor.example:8443/x",
        "http://api.vendor.example/x",
    ):
        with pytest.raises(Refused, match="not its own"):
            line.session().get(address)


def test_a_header_that_would_be_two_is_refused_before_anything_is_sent(server):
    with pytest.raises(Refused, match="could not be made"):
        pagerduty(server.url).acknowledge("Q1", "mira@demo.example\r\nX-Evil: 1")
    assert server.asked == []


def test_a_rotated_token_counts_at_once(server):
    tokens = ["first-token", "second-token"]
    for build in (pagerduty, slack, zendesk):
        server.asked.clear()
        now = [tokens[0]]
        door = build(server.url)
        door._token = lambda now=now: now[0]
        for token in tokens:
            now[0] = token
            server.plan = [says(200, {"ok": True, "notes": [], "permalink": "x", "organization": {"id": 1}}), USERS]
            call = {PagerDuty: lambda d: d.notes("Q1"), Slack: lambda d: d.permalink("C0000001", "1.2")}
            call.get(type(door), lambda d: d.organization("5"))(door)
        headers = [asked.headers["Authorization"] for asked in server.asked if "users" not in asked.path]
        assert len(set(headers)) == 2, "each token was used"


def test_what_is_heard(server):
    ears = Ears()
    server.plan = [says(200, {"notes": []}), USERS, says(404, {}), says(401, {}), drops]
    door = pagerduty(server.url, ears)
    door.notes("Q1")
    for _ in range(3):
        with pytest.raises((Refused, Unavailable)):
            door.notes("Q1")
    assert [reason for *_, reason in ears.told] == [
        "",
        "",
        "",
        "PagerDuty does not accept the dashboard's token.",
        "PagerDuty broke off its answer.",
    ]


def test_zenpy_clients_are_not_shared_between_threads(server):
    door = zendesk(server.url)
    seen = []

    def use():
        seen.append(id(door._client()))

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert door._client() is door._client()
    assert id(door._client()) not in seen or len(set(seen)) > 1


WALL = datetime(2026, 7, 14, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "30"}, 30),
        ({"retry-after": "1.5"}, 1.5),
        ({"Retry-After": "Tue, 14 Jul 2026 16:01:00 GMT"}, 60),
        ({"Retry-After": "Tue, 14 Jul 2026 15:00:00 GMT"}, 0),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "-5"}, 0),
        ({"Retry-After": "999999"}, 3600),
        ({"ratelimit-reset": "20"}, 20),
        ({"Retry-After": "soon", "ratelimit-reset": "20"}, 20),
    ],
)
def test_how_long_to_wait(headers, seconds):
    assert retry_after(headers, WALL) == seconds


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"error": {"message": "Invalid", "errors": ["No such user"]}}', "Invalid No such user"),
        (b'{"error": "RecordInvalid", "description": "Record validation errors", '
         b'"details": {"status": [{"description": "Status: closed prevents ticket update"}]}}',
         "Status: closed prevents ticket update"),
        (b'{"error": "RecordNotFound", "description": "Not found"}', "Not found"),
        (b'{"error": "invalid_auth"}', "invalid_auth"),
        (b'{"error": {"message": "two\\nlines\\u0000 and a bell\\u0007"}}', "two lines and a bell"),
        (b"[]", ""),
        (b"<html>", ""),
        (b'{"error": 5}', ""),
        (b'{"error": {"message": "' + b"long " * 200 + b'"}}', ("long " * 200)[:240]),
    ],
)  # fmt: skip
def test_the_vendors_own_words(body, words):
    assert saying(body) == words


def test_success_is_no_error():
    assert verdict(Answer(204, {}, b""), name="PagerDuty", writes=True, wall=WALL) is None
