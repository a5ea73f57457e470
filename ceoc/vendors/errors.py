"""What a door says when a vendor did not do what was asked. No sentence holds a token or a customer's text."""

from __future__ import annotations


class VendorError(Exception):
    """Anything that a door raises. The text is a sentence that a person may read."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)


class Refused(VendorError):
    """The vendor understood and said no; asking again would say no again. `status` is HTTP's where there was one."""

    def __init__(self, sentence: str, *, status: int | None = None) -> None:
        self.status = status
        super().__init__(sentence)

    @property
    def missing(self) -> bool:
        """Whether what was asked about does not exist there."""
        return self.status == 404


class Unreadable(Refused):
    """The vendor answered with something that is not what its documentation says; the sentence names the place."""


class Unavailable(VendorError):
    """Nothing was done: the vendor was not reached or asked to wait. `retry_after` in seconds, where it said so."""

    def __init__(self, sentence: str, *, retry_after: float | None = None) -> None:
        self.retry_after = retry_after
        super().__init__(sentence)


class Ambiguous(VendorError):
    """A write was sent and no answer came: it may have been done. Look at the vendor before sending it again."""
