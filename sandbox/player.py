"""Plays scenarios: their acts lie in the store with the time each is due, and are done when the demo clock is there."""

import asyncio
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import requests

from sandbox import ids
from sandbox.acts import pagerduty, paging, slack, zendesk
from sandbox.acts.base import ACTS, BadAct, Given
from sandbox.clock import iso
from sandbox.pagerduty.answers import Problem
from sandbox.scenarios import SCENARIOS
from sandbox.slack.workspace import SlackProblem
from sandbox.store import Doc
from sandbox.vendors import Vendors
from sandbox.zendesk.account import BOT_EMAIL, Account

DUE, RUN = "due", "run"
PAUSE = 0.1
MODULES = (pagerduty, paging, slack, zendesk)  # importing them registers their acts


class Player:
    """The acts of one sandbox, done at once or when they are due."""

    def __init__(self, vendors: Vendors) -> None:
        """Plays on these vendors."""
        self.vendors = vendors
        self.store = vendors.box.store
        self.clock = vendors.box.clock

    def do(self, act: str, words: Doc) -> Doc:
        """Do one act now, whole or not at all; raises BadAct."""
        if act not in ACTS:
            raise BadAct(f"There is no act {act!r}. There are: {', '.join(sorted(ACTS))}.")
        try:
            with self.store.transaction():
                return ACTS[act](self.vendors, Given(words))
        except Problem as problem:
            raise BadAct("; ".join([problem.message, *problem.errors])) from None
        except SlackProblem as problem:
            raise BadAct(f"Slack: {problem}") from None

    def play(self, name: str, at: datetime, reset: bool) -> Doc:
        """Line up a scenario's acts from a time on; raises KeyError for one that there is not."""
        scenario = SCENARIOS[name]
        with self.store.transaction():
            if reset:
                self.reset()
            self.vendors.refresh_dates()
            run = ids.random()
            ends = at + timedelta(seconds=scenario.seconds())
            doc = {"id": run, "name": name, "starts_at": iso(at), "ends_at": iso(ends), "made": {}, "problems": []}
            self.store.put(RUN, run, doc)
            for number, step in enumerate(scenario.steps):
                due = (at + timedelta(seconds=step.after)).timestamp()
                self.store.put(
                    DUE,
                    f"{run} {number:04d}",
                    {
                        "id": f"{run} {number:04d}",
                        "run": run,
                        "due": due,
                        "act": step.act,
                        "words": step.words,
                        "name": step.name,
                        "only": step.only,
                        "before": step.after < 0,
                    },
                )
        return {"name": name, "starts_at": doc["starts_at"], "ends_at": doc["ends_at"]}

    def reset(self) -> None:
        """Forget everything that happened; ids go on from where they were."""
        with self.store.transaction():
            self.store.clear()
            self.vendors.set_up()

    def scenario(self) -> str | None:
        """The name of the scenario that still has acts to come."""
        waiting = self.store.all(DUE)
        return str(self.store.need(RUN, waiting[-1]["run"])["name"]) if waiting else None

    def tick(self) -> None:
        """Do what is due, in order. An act that cannot be done is written down, and the rest goes on."""
        now = self.clock.now().timestamp()
        for due in sorted(self.store.all(DUE), key=lambda doc: (doc["due"], doc["id"])):
            if due["due"] <= now:
                self._step(due)
        self.vendors.pagerduty.tick()

    def _step(self, due: Doc) -> None:
        """One act of a run, and its removal from the line, in one transaction. What lies before the scenario's start
        is done at its own time, everything else at the present one."""
        with self.store.transaction():
            self.store.delete(DUE, due["id"])
            run = self.store.need(RUN, due["run"])
            words = _filled(due["words"], run["made"])
            pin = self.clock.pinned(datetime.fromtimestamp(due["due"], UTC)) if due["before"] else nullcontext()
            with pin:
                self._try(due, words, run)
            self.store.put(RUN, run["id"], run)

    def _try(self, due: Doc, words: Doc, run: Doc) -> None:
        """Do the act where it is still wanted; what cannot be done is written down in the run."""
        try:
            made = self.do(due["act"], words) if self._wanted(due["only"], words) else None
        except BadAct as problem:
            run["problems"].append(f"{due['act']}: {problem}")
            return
        if due["name"] and made:
            run["made"][due["name"]] = made

    def _wanted(self, only: str, words: Doc) -> bool:
        """Has nobody done it yet?"""
        if only == "ringing":
            doc = self.store.get("pd_incident", words.get("page"))
            return doc is not None and doc["status"] == "triggered"
        if not only:
            return True
        for name, tickets in self.vendors.tickets.items():
            doc = self.store.get(f"zd_ticket:{name}", words.get("ticket"))
            if doc and only == "unanswered":
                return not any(comment["public"] and _of_ours(tickets.account, comment) for comment in doc["comments"])
            if doc:
                return doc["status"] not in ("solved", "closed")
        return False

    async def run(self) -> None:
        """Tick until cancelled."""
        while True:
            with self.store.transaction():
                self.tick()
            await asyncio.sleep(PAUSE)

    async def autoplay(self, name: str, product_url: str) -> None:
        """On the very first start: play a scenario once the product answers."""
        if not name or self.store.get("meta", "autoplayed"):
            return
        while not await asyncio.to_thread(_healthy, product_url):
            await asyncio.sleep(0.25)
        with self.store.transaction():
            self.play(name, self.clock.now(), False)
            self.store.put("meta", "autoplayed", {"name": name})


def _of_ours(account: Account, comment: Doc) -> bool:
    """Did a person of the team write it?"""
    author = account.user(comment["author_id"])
    return bool(author and author["role"] != "end-user" and author["email"] != BOT_EMAIL)


def _filled(words: Doc, made: Doc) -> Doc:
    """The words with `$name.key` replaced by what that step made."""

    def fill(value: object) -> object:
        if isinstance(value, str) and value.startswith("$"):
            name, _, key = value[1:].partition(".")
            return (made.get(name) or {}).get(key)
        if isinstance(value, list):
            return [fill(item) for item in value]
        return value

    return {name: filled for name, value in words.items() if (filled := fill(value)) is not None}


def _healthy(url: str) -> bool:
    """Does the product answer?"""
    try:
        with requests.Session() as session:
            session.trust_env = False
            return session.get(f"{url}/healthz", timeout=2).ok
    except requests.RequestException:
        return False
