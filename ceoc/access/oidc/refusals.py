"""Why a sign-in by the provider ends without anybody signed in."""

from __future__ import annotations


class Refused(Exception):
    """The provider's answer does not let this person in; the text is the sentence that they read."""

    def __init__(self, sentence: str, *, reason: str, email: str = "") -> None:
        super().__init__(sentence)
        self.reason = reason
        """What the audit keeps: a few words, nothing secret."""
        self.email = email
        """Whom the provider named, where it can be believed."""


class Unavailable(Exception):
    """The provider does not answer, or not with anything that can be used. Nothing is wrong with the person."""
