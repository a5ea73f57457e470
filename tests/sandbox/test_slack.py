"""The stand-in for Slack, driven by slack_sdk."""

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.sandbox_process import SandboxProcess


def error(answer: pytest.ExceptionInfo[SlackApiError]) -> str:
    """Slack's word for what is wrong."""
    return str(answer.value.response["error"])


def channel(slack: WebClient, name: str) -> str:
    """A channel's id by its name."""
    return next(one["id"] for one in slack.conversations_list()["channels"] if one["name"] == name)


def test_the_token_is_checked(box: SandboxProcess) -> None:
    for token, word in (("xoxb-wrong", "invalid_auth"), ("", "not_authed")):
        with pytest.raises(SlackApiError) as answer:
            WebClient(token=token, base_url=box.env["SLACK_API_URL"], retry_handlers=[]).auth_test()
        assert error(answer) == word


def test_a_thread_is_written_read_changed_and_linked(slack: WebClient) -> None:
    where = channel(slack, "support_self-managed")
    metadata = {"event_type": "ceoc", "event_payload": {"command": "c-1"}}
    first = slack.chat_postMessage(channel=where, text="Emergency", metadata=metadata)
    reply = slack.chat_postMessage(channel="#support_self-managed", text="Note", thread_ts=first["ts"])
    history = slack.conversations_history(channel=where, include_all_metadata=True)["messages"]
    assert [(one["text"], one["reply_count"], one["metadata"]) for one in history] == [("Emergency", 1, metadata)]
    assert "metadata" not in slack.conversations_history(channel=where)["messages"][0]
    assert [one["text"] for one in slack.conversations_replies(channel=where, ts=first["ts"])["messages"]] == [
        "Emergency",
        "Note",
    ]
    slack.chat_update(channel=where, ts=reply["ts"], text="Better note")
    assert slack.conversations_replies(channel=where, ts=first["ts"])["messages"][-1]["edited"]["ts"]
    link = slack.chat_getPermalink(channel=where, message_ts=first["ts"])["permalink"]
    assert link.endswith(first["ts"].replace(".", ""))


@pytest.mark.parametrize(
    ("words", "word"),
    [
        ({"channel": "C0NONE", "text": "x"}, "channel_not_found"),
        ({"channel": "support_self-managed", "text": ""}, "no_text"),
        ({"channel": "support_self-managed", "text": "x", "thread_ts": "1.2"}, "thread_not_found"),
    ],
)
def test_what_cannot_be_posted(slack: WebClient, words: dict, word: str) -> None:
    with pytest.raises(SlackApiError) as answer:
        slack.chat_postMessage(**words)
    assert error(answer) == word


def test_people_are_found_by_email(slack: WebClient) -> None:
    assert slack.users_lookupByEmail(email="manager@demo.example")["user"]["real_name"] == "Ines Calder"
    with pytest.raises(SlackApiError) as answer:
        slack.users_lookupByEmail(email="nobody@demo.example")
    assert error(answer) == "users_not_found"
    emails = [one["profile"]["email"] for page in slack.users_list(limit=5) for one in page["members"]]
    assert len(emails) == len(set(emails)) > 10


def test_history_is_cut_and_paged(box: SandboxProcess, slack: WebClient) -> None:
    where = channel(slack, "support_team-chat")
    stamps = [slack.chat_postMessage(channel=where, text=str(number))["ts"] for number in range(5)]
    found = [one["text"] for page in slack.conversations_history(channel=where, limit=2) for one in page["messages"]]
    assert found == ["4", "3", "2", "1", "0"]
    later = slack.conversations_history(channel=where, oldest=stamps[2])["messages"]
    assert [one["text"] for one in later] == ["4", "3"]


@pytest.mark.parametrize(
    ("customer", "name"),
    [
        ("northwind", "support_self-managed"),
        ("lumen", "support_gitlab-com"),
        ("meridian", "spt_us-government"),
    ],
)
def test_pagerdutys_message_names_the_page_and_follows_it(
    box: SandboxProcess, slack: WebClient, customer: str, name: str
) -> None:
    page = box.act("page", customer=customer)["page"]
    (message,) = slack.conversations_history(channel=channel(slack, name))["messages"]
    assert (message["username"], page in message["text"], "Triggered" in message["text"]) == ("PagerDuty", True, True)
    box.act("acknowledge", page=page)
    box.act("slack_message", page=page, by="theo", text="I help")
    (message,) = slack.conversations_history(channel=channel(slack, name))["messages"]
    assert ("Acknowledged" in message["text"], message["reply_count"]) == (True, 1)


def test_an_unmapped_service_has_no_channel(box: SandboxProcess) -> None:
    box.act("page", service="Unsorted")
    assert box.state()["slack"] == []
