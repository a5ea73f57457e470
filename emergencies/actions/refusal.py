"""A refusal is the sentence that the person reads."""


class Refused(Exception):
    """The act is not done; the text says why and what to do instead."""
