"""A refusal is the sentence that the person reads."""


class Refused(Exception):  # noqa: N818 — a refusal, in the team's word
    """The act is not done; the text says why and what to do instead."""
