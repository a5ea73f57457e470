"""A person of the cast who uses the running product over HTTP, as a browser without scripts would."""

from __future__ import annotations

import re
from html import unescape
from typing import NamedTuple

import requests

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
ROW = re.compile(r'<li class="row" id="row-(\w+)".*?</li>', re.DOTALL)
CLOSED_ROW = re.compile(r'<a href="/emergencies/(\w+)/".*?</li>', re.DOTALL)
TAG = re.compile(r"<[^>]+>")
PATIENCE = 20


class Row(NamedTuple):
    """One emergency in a list, as the words that a person reads."""

    id: str
    words: str


class Visitor:
    """One of `engineer`, `second`, `manager`, `shadow`, `cleared`, `admin`, signed in; with `stranger` nobody is."""

    def __init__(self, address: str, name: str) -> None:
        self.address, self.name = address, name
        self.http = requests.Session()
        self.http.trust_env = False
        self._token = ""
        if name != "stranger":
            self._token = TOKEN.search(self.text("/sign-in/"))[1]
            answer = self.post("/demo/persona/", persona=f"{name}@demo.example", next="/commands/")
            assert answer.status_code == 302, answer.text
        self._token = TOKEN.search(self.text("/sign-in/"))[1]

    def get(self, path: str, **headers: str) -> requests.Response:
        """One GET; redirects are not followed."""
        return self.http.get(self.address + path, headers=headers, timeout=PATIENCE, allow_redirects=False)

    def text(self, path: str) -> str:
        """The page's markup; fails unless it is 200."""
        answer = self.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:300]}"
        return answer.text

    def post(self, path: str, **form: str) -> requests.Response:
        """One press, with the form's token."""
        return self.send("POST", path, **form)

    def send(self, method: str, path: str, **form: str) -> requests.Response:
        """An unsafe request of any method, as our own page would send it."""
        return self.http.request(
            method, self.address + path, data={"csrfmiddlewaretoken": self._token, **form}, timeout=PATIENCE,
            headers={"X-CSRFToken": self._token, "Referer": self.address + "/"}, allow_redirects=False,
        )  # fmt: skip

    def press(self, emergency: str, act: str, **form: str) -> None:
        """One press on an emergency's page; fails where it is refused, with the sentence."""
        answer = self.http.post(
            f"{self.address}/emergencies/{emergency}/{act}/", data=form, timeout=PATIENCE, allow_redirects=False,
            headers={"X-CSRFToken": self._token, "Referer": self.address + "/", "HX-Request": "true"},
        )  # fmt: skip
        assert answer.status_code == 200, f"{act}: {answer.status_code} {words(answer.text)}"

    def board(self, query: str = "") -> list[Row]:
        """The rows of the board, or of what a search found."""
        return [Row(found[1], words(found[0])) for found in ROW.finditer(self.text(f"/{query}"))]

    def rows(self, text: str) -> list[Row]:
        """The rows of the board that hold a text."""
        return [row for row in self.board() if text in row.words]

    def row(self, text: str) -> Row:
        """The one row of the board that holds a text. Fails where there is none, or more than one."""
        found = self.rows(text)
        assert len(found) == 1, f"{text} is on the board {len(found)} times"
        return found[0]

    def closed(self) -> list[Row]:
        """The rows of what was closed."""
        return [Row(found[1], words(found[0])) for found in CLOSED_ROW.finditer(self.text("/closed/"))]


def words(html: str) -> str:
    """What a person reads in a piece of markup."""
    return " ".join(unescape(TAG.sub(" ", html)).split())
