"""What a machine can see of how our code reads: sizes, imports at the top, clock reads at their one place."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from ceoc.runner.places import ROOT

LONGEST_FILE = 400
LONGEST_FUNCTION = 40
MOST_PARAMETERS = 6
PRODUCT = ("ceoc", "schedules", "emergencies", "sandbox")
CLOCKS = {"now", "utcnow", "today", "time", "localtime", "gmtime"}
CLOCK_OWNERS = {"datetime", "date", "timezone", "time"}
READ_THE_CLOCK = ("ceoc/clock.py", "ceoc/runner/", "sandbox/")
"""The clock itself, and what lives outside the product's time."""


@cache
def sources() -> dict[Path, ast.Module]:
    """Every Python file that git knows or would take, parsed; migrations aside."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "*.py"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    ).stdout.split("\0")  # fmt: skip
    paths = [Path(name) for name in listed if name] or [path.relative_to(ROOT) for path in ROOT.glob("*/**/*.py")]
    return {
        path: ast.parse((ROOT / path).read_text(encoding="utf-8"))
        for path in paths
        if "migrations" not in path.parts and (ROOT / path).exists()
    }


def functions(paths: tuple[str, ...]) -> Iterator[tuple[Path, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for path, module in sources().items():
        if path.parts[0] in paths:
            for node in ast.walk(module):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield path, node


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Its lines, signature included, docstring aside."""
    first = function.body[0]
    text = ast.get_docstring(function) is not None
    return (function.end_lineno or 0) - function.lineno + 1 - (first.end_lineno - first.lineno + 1 if text else 0)


def test_the_tree_is_read_at_all():
    assert len(sources()) > 30


def test_no_file_is_too_long():
    lines = {path: len((ROOT / path).read_text(encoding="utf-8").splitlines()) for path in sources()}
    assert not {str(path): count for path, count in lines.items() if count > LONGEST_FILE}


def test_no_function_is_too_long():
    assert not {
        f"{path}:{function.lineno} {function.name}": length(function)
        for path, function in functions((*PRODUCT, "tools", "tests"))
        if length(function) > LONGEST_FUNCTION
    }


def test_no_function_takes_too_much():
    found = {}
    for path, function in functions((*PRODUCT, "tools")):
        given = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
        named = [argument.arg for argument in given if argument.arg not in {"self", "cls"}]
        if len(named) > MOST_PARAMETERS:
            found[f"{path}:{function.lineno} {function.name}"] = len(named)
    assert not found


def test_imports_stand_at_the_top():
    assert not [
        f"{path}:{inner.lineno}"
        for path, function in functions((*PRODUCT, "tools", "tests"))
        for inner in ast.walk(function)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]


def test_only_the_clock_reads_the_clock():
    found = []
    for path, module in sources().items():
        if path.parts[0] not in PRODUCT or str(path).startswith(READ_THE_CLOCK):
            continue
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS:
                owner = node.func.value
                name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
                if name in CLOCK_OWNERS:
                    found.append(f"{path}:{node.lineno} {name}.{node.func.attr}()")
    assert not found
