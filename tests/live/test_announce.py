from __future__ import annotations

import json

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction
from psycopg.conninfo import make_conninfo

from ceoc.live import announce as module
from ceoc.live.announce import announce, payloads


@pytest.fixture
def heard(transactional_db):
    url = make_conninfo(settings.DATABASE_DIRECT_URL, dbname=connection.settings_dict["NAME"])
    with psycopg.connect(url, autocommit=True) as listening:
        listening.execute(f"LISTEN {module.CHANNEL}")

        def read():
            return [json.loads(notify.payload) for notify in listening.notifies(timeout=0.3)]

        yield read


def test_it_is_heard_when_the_transaction_commits(heard):
    with transaction.atomic():
        announce(["board", "emergency:k3v9abcdefgh"], "global")
        assert heard() == []
    assert heard() == [{"class": "global", "topics": ["board", "emergency:k3v9abcdefgh"]}]


def test_it_is_never_heard_when_the_transaction_is_rolled_back(heard):
    with transaction.atomic():
        announce(["board"], "global")
        transaction.set_rollback(True)
    assert heard() == []


def test_many_topics_are_split_below_the_limit_and_none_is_lost():
    topics = {f"emergency:{number:012}" for number in range(2_000)}
    split = payloads(topics, "us_gov")
    assert len(split) > 1
    assert all(len(payload.encode()) < 8_000 for payload in split)
    assert {topic for payload in split for topic in json.loads(payload)["topics"]} == topics
    assert {json.loads(payload)["class"] for payload in split} == {"us_gov"}


def test_all_of_many_topics_arrive(heard):
    with transaction.atomic():
        announce((f"emergency:{number:012}" for number in range(1_500)), "global")
    assert sum(len(one["topics"]) for one in heard()) == 1_500


@pytest.mark.parametrize(
    "topic", ["", "Board", "board ", "emergency:", "emergency:a b", "emergency:" + "x" * 200, 'a"b']
)
def test_a_malformed_topic_is_refused(topic):
    with pytest.raises(ValueError, match="topic"):
        payloads([topic], "global")


def test_an_unknown_class_is_refused():
    with pytest.raises(ValueError, match="class"):
        payloads(["board"], "secret")


def test_nothing_to_announce_is_no_announcement():
    assert payloads([], "global") == []
