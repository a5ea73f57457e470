"""The demo's one clock."""

from __future__ import annotations

from django.db import models

from ceoc.clock import Line

THE_ONE = 1


class DemoClock(models.Model):
    """The line that every process of the demo reads its time from: one row at most."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=THE_ONE)
    real_start = models.DateTimeField()
    demo_start = models.DateTimeField()
    rate = models.FloatField(default=1.0)
    offset = models.IntegerField(default=0)
    """CEOC_NOW_OFFSET when the line was drawn: a start with another one begins a new line."""
    scenario = models.CharField(max_length=40, blank=True)
    """The scenario that was played last; empty before the first."""

    class Meta:
        """One row, and time that runs forward."""

        constraints = (
            models.CheckConstraint(condition=models.Q(id=THE_ONE), name="there_is_one_demo_clock"),
            models.CheckConstraint(condition=models.Q(rate__gt=0), name="the_demo_clock_runs_forward"),
        )

    def __str__(self) -> str:
        return f"{self.demo_start:%Y-%m-%d %H:%M} × {self.rate}"

    @property
    def line(self) -> Line:
        """The clock as a value."""
        return Line(self.real_start, self.demo_start, self.rate)
