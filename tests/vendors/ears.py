"""Hears what the lines hear, in the place of the freshness that is kept in the database."""

from __future__ import annotations


class Ears:
    def __init__(self) -> None:
        self.told: list[tuple[str, str, str]] = []

    def heard(self, vendor: str, account: str) -> None:
        self.told.append((vendor, account, ""))

    def failed(self, vendor: str, account: str, reason: str) -> None:
        self.told.append((vendor, account, reason))
