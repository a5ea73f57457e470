"""Where the sandbox keeps everything: JSON documents in one SQLite file, all of them in memory too."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Doc = dict[str, Any]

KEPT_OVER_RESET = {"counter", "meta"}


class Missing(KeyError):
    """No document of that kind and id."""


class Store:
    """Documents by kind and id. Changes live in one transaction: written together at its end, or none of them.

    One thread only (the event loop's). Whoever changes a document that it got must `put` it again.
    """

    def __init__(self, path: Path) -> None:
        """Open or create the file; a half-written file of a killed process is mended by SQLite's own log."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute("CREATE TABLE IF NOT EXISTS doc (kind TEXT, id TEXT, body TEXT, PRIMARY KEY (kind, id))")
        self._docs: dict[str, dict[str, Doc]] = {}
        self._dirty: dict[tuple[str, str], None] = {}  # in the order of change: rows keep it over a restart
        self._depth = 0
        self._load()

    def _load(self) -> None:
        self._docs.clear()
        self._dirty.clear()
        for kind, key, body in self._db.execute("SELECT kind, id, body FROM doc ORDER BY rowid"):
            self._docs.setdefault(kind, {})[key] = json.loads(body)

    def get(self, kind: str, key: object) -> Doc | None:
        """The document, or None."""
        return self._docs.get(kind, {}).get(str(key))

    def need(self, kind: str, key: object) -> Doc:
        """The document; raises Missing."""
        doc = self.get(kind, key)
        if doc is None:
            raise Missing(f"{kind} {key}")
        return doc

    def all(self, kind: str) -> list[Doc]:
        """Every document of a kind, oldest first."""
        return list(self._docs.get(kind, {}).values())

    def put(self, kind: str, key: object, doc: Doc) -> Doc:
        """Keep a document as it now is."""
        self._docs.setdefault(kind, {})[str(key)] = doc
        self._touch(kind, str(key))
        return doc

    def delete(self, kind: str, key: object) -> None:
        """Forget a document; unknown ones are no error."""
        if self._docs.get(kind, {}).pop(str(key), None) is not None:
            self._touch(kind, str(key))

    def next(self, counter: str, start: int = 1) -> int:
        """The next number of a counter. Counters outlive a reset, so that no id is ever used twice."""
        doc = self.get("counter", counter) or {"value": start - 1}
        value = int(doc["value"]) + 1
        self.put("counter", counter, {"value": value})
        return value

    def clear(self) -> None:
        """Forget everything but the counters, the clock and what was played first."""
        for kind in [kind for kind in self._docs if kind not in KEPT_OVER_RESET]:
            for key in list(self._docs[kind]):
                self.delete(kind, key)

    def _touch(self, kind: str, key: str) -> None:
        self._dirty[(kind, key)] = None
        if self._depth == 0:
            self._flush()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is kept together, or nothing when it raises."""
        self._depth += 1
        whole = False
        try:
            yield
            whole = True
        finally:
            self._depth -= 1
            if self._depth == 0:
                self._flush() if whole else self._load()

    def _flush(self) -> None:
        if not self._dirty:
            return
        self._db.execute("BEGIN IMMEDIATE")
        for kind, key in self._dirty:
            doc = self.get(kind, key)
            if doc is None:
                self._db.execute("DELETE FROM doc WHERE kind = ? AND id = ?", (kind, key))
            else:
                self._db.execute(
                    "INSERT INTO doc (kind, id, body) VALUES (?, ?, ?) "
                    "ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body",
                    (kind, key, json.dumps(doc, separators=(",", ":"))),
                )
        self._db.execute("COMMIT")
        self._dirty.clear()
