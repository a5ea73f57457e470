"""The class of every stored thing, `global` or `us_gov`, and the one door to what a viewer may see (security.md 1, 2).

A thing is `us_gov` until it is proven global, so that what nobody classified is seen by the cleared alone.
"""

from __future__ import annotations

from typing import Any, Literal, Protocol, Self

from django.db import models

Klass = Literal["global", "us_gov"]

GLOBAL: Klass = "global"
US_GOV: Klass = "us_gov"
CLASSES = ((GLOBAL, "Global"), (US_GOV, "US Government"))


class Sees(Protocol):
    """Whoever looks: a viewer, or an audience of the live stream."""

    @property
    def cleared(self) -> bool:
        """Whether they may see what is US Government's."""


def may_see(klass: str, viewer: Sees | None) -> bool:
    """Whether that viewer may see a thing of that class; nobody sees nothing, an unknown class is US Government's."""
    return viewer is not None and (viewer.cleared or klass == GLOBAL)


def seen_classes(viewer: Sees | None) -> list[Klass]:
    """The classes that a viewer may see."""
    return [klass for klass in (GLOBAL, US_GOV) if may_see(klass, viewer)]


class ClassField(models.CharField):
    """Holds `global` or `us_gov`; the database refuses any other word in every table that has it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.update(max_length=8, choices=CLASSES, default=kwargs.get("default", US_GOV))
        super().__init__("class", *args, **kwargs)

    def deconstruct(self) -> Any:
        """As Django's, without what the field sets itself."""
        name, path, args, kwargs = super().deconstruct()
        for own in ("verbose_name", "max_length", "choices"):
            kwargs.pop(own, None)
        return name, path, args, kwargs

    def db_check(self, connection: Any) -> str:
        """The column's own check constraint."""
        return f"{connection.ops.quote_name(self.column)} IN ('{GLOBAL}', '{US_GOV}')"


class ClassedQuerySet(models.QuerySet):
    """Rows that have a class."""

    def visible_to(self, viewer: Sees | None) -> Self:
        """The rows that `viewer` may see; none for nobody. The one door: pages, streams and exports use it."""
        if viewer is None:
            return self.none()
        return self if viewer.cleared else self.filter(klass=GLOBAL)


class Classed(models.Model):
    """A model whose rows have a class. A queryset of one's own extends ClassedQuerySet."""

    klass: Klass = ClassField()

    objects = ClassedQuerySet.as_manager()

    class Meta:
        """Abstract."""

        abstract = True
