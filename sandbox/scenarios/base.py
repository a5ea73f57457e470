"""What a scenario is: a story in acts, each some seconds after its start, on a day and hour of its own."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sandbox.store import Doc

NEW_YORK = ZoneInfo("America/New_York")
FAR = 800


@dataclass(frozen=True)
class Step:
    """One act: `after` seconds from the start (negative: it happened before), by name, with its words. `name` lets
    later steps use what it made, as `$name.page` or `$name.ticket`. `only`: just when nobody has done it yet:
    `ringing` (the page of the words still rings), `unanswered` (nobody of us wrote in the ticket), `unsolved`."""

    after: float
    act: str
    words: Doc = field(default_factory=dict)
    name: str = ""
    only: str = ""


@dataclass(frozen=True)
class Scenario:
    """A story. `month`, `weekdays` (0 = Monday) and `at` (HH:MM) say when it plays, in New York."""

    name: str
    title: str
    text: str
    month: int
    weekdays: tuple[int, ...]
    at: str
    steps: tuple[Step, ...]

    def starts_at(self, now: datetime) -> datetime:
        """The first such day and hour after now."""
        hour, minute = (int(part) for part in self.at.split(":"))
        day = now.astimezone(NEW_YORK).date()
        for ahead in range(FAR):
            date = day + timedelta(days=ahead)
            start = datetime(date.year, date.month, date.day, hour, minute, tzinfo=NEW_YORK)
            if date.month == self.month and date.weekday() in self.weekdays and start > now:
                return start
        raise ValueError(f"Scenario {self.name} never comes.")

    def seconds(self) -> float:
        """From the start to the last act."""
        return max(step.after for step in self.steps)
