"""Finds, in the source, every query on a classed model and whether it comes through the one door (`visible_to`)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.apps import apps

from ceoc.access.classes import Classed

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("ceoc", "emergencies", "schedules")

MANAGERS = frozenset({"objects", "_default_manager", "_base_manager"})
ASKING = frozenset({
    "all", "filter", "exclude", "get", "first", "last", "order_by", "values", "values_list", "count", "exists",
})  # fmt: skip
SHORTCUTS = frozenset({"get_object_or_404", "get_list_or_404"})


class Query(NamedTuple):
    """A query on a classed model that does not come through the door."""

    module: str
    line: int
    model: str

    def __str__(self) -> str:
        return f"{self.module}:{self.line} asks for {self.model} without visible_to(viewer)"


def classed_models() -> list[type[Classed]]:
    """Every model whose rows have a class."""
    return [model for model in apps.get_models() if issubclass(model, Classed)]


def sources() -> Iterator[tuple[str, ast.Module]]:
    """The product's modules, parsed, by their paths."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def ways_round() -> list[Query]:
    """Every query on a classed model that does not go through `visible_to`, in the product's source."""
    return [query for module, tree in sources() for query in in_tree(module, tree)]


def in_tree(module: str, tree: ast.Module) -> list[Query]:
    """Those of one module: by a manager, by a shortcut, by a reverse relation, by the table's name in SQL."""
    return sorted(
        {*_by_manager(module, tree), *_by_shortcut(module, tree), *_by_relation(module, tree), *_by_table(module, tree)}
    )


def _by_manager(module: str, tree: ast.Module) -> Iterator[Query]:
    names = {model.__name__ for model in classed_models()}
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS:
            model = _last_name(node.value)
            if model in names and "visible_to" not in _chain(node, parents):
                yield Query(module, node.lineno, model)


def _by_shortcut(module: str, tree: ast.Module) -> Iterator[Query]:
    names = {model.__name__ for model in classed_models()}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _last_name(node.func) in SHORTCUTS and node.args:
            model = _last_name(node.args[0])
            if model in names:
                yield Query(module, node.lineno, model)


def _by_relation(module: str, tree: ast.Module) -> Iterator[Query]:
    accessors = {
        relation.get_accessor_name(): model.__name__
        for model in classed_models()
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and (relation := getattr(field, "remote_field", None))
        if relation.get_accessor_name()
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ASKING:
            relation = node.func.value
            is_dictionary = node.func.attr == "get" and not node.keywords
            if isinstance(relation, ast.Attribute) and relation.attr in accessors and not is_dictionary:
                yield Query(module, node.lineno, accessors[relation.attr])


def _by_table(module: str, tree: ast.Module) -> Iterator[Query]:
    tables = {model._meta.db_table: model.__name__ for model in classed_models()}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            for table, model in tables.items():
                if f"FROM {table}" in node.value or f'FROM "{table}"' in node.value or f"JOIN {table}" in node.value:
                    yield Query(module, node.lineno, model)


def _last_name(node: ast.AST) -> str:
    """`Emergency` of `Emergency` and of `models.Emergency`."""
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


def _chain(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> list[str]:
    """The names that follow in the same chain: `objects`, `filter`, `visible_to`, …"""
    names = []
    while isinstance(node, ast.Attribute | ast.Call):
        if isinstance(node, ast.Attribute):
            names.append(node.attr)
        above = parents.get(node)
        follows = isinstance(above, ast.Attribute) or (isinstance(above, ast.Call) and above.func is node)
        if not follows or above is None:
            break
        node = above
    return names
