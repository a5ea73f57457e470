"""Settings from the environment: every problem is a sentence, all of them at once, and no secret in any."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ceoc.env import Environment, Secret, SettingsError
from ceoc.runner.places import ROOT


def problems(env: Environment) -> list[str]:
    with pytest.raises(SettingsError) as raised:
        env.check()
    return raised.value.problems


def test_what_is_set_is_read_with_its_type():
    env = Environment(
        {"T": " word ", "F": "yes", "N": "8000", "U": "https://api.example/x", "I": "a, b,,c", "O": "off"}
    )
    assert env.text("T", what="t") == "word"
    assert env.flag("F", what="f") is True
    assert env.flag("O", what="f") is False
    assert env.number("N", what="n", least=1, most=65535) == 8000
    assert env.url("U", what="u") == "https://api.example/x"
    assert env.items("I", what="i") == ["a", "b", "c"]
    env.check()


def test_what_is_not_set_is_its_default_and_empty_counts_as_not_set():
    env = Environment({"T": "", "S": "  "})
    assert env.text("T", what="t", default="d") == "d"
    assert env.flag("F", what="f", default=False) is False
    assert env.number("N", what="n", default=0) == 0
    assert env.items("I", what="i", default=[]) == []
    assert env.secret("S", what="s", default="x")() == "x"
    env.check()


@pytest.mark.parametrize(
    ("name", "value", "read", "said"),
    [
        ("PORT", "http", lambda e: e.number("PORT", what="the port"), "Use a whole number"),
        ("PORT", "0", lambda e: e.number("PORT", what="the port", least=1, most=65535), "from 1 to 65535"),
        ("PORT", "65536", lambda e: e.number("PORT", what="the port", least=1, most=65535), "from 1 to 65535"),
        ("N", "-1", lambda e: e.number("N", what="n", least=0), "not below 0"),
        ("DEBUG", "maybe", lambda e: e.flag("DEBUG", what="debug"), "Use 1 or 0"),
        ("U", "example.com", lambda e: e.url("U", what="u"), "it begins with no scheme"),
        ("U", "ftp://example.com", lambda e: e.url("U", what="u"), "it begins with ftp://"),
        ("U", "http://", lambda e: e.url("U", what="u"), "it names no host"),
        ("U", "http://h:99999", lambda e: e.url("U", what="u"), "it is not an address"),
        ("I", ", ,", lambda e: e.items("I", what="i"), "commas between"),
        ("K", "c", lambda e: e.text("K", what="k", one_of=("a", "b")), "Use one of: a, b"),
    ],
)
def test_what_is_malformed_is_named_with_what_was_found_and_how_to_mend_it(name, value, read, said):
    env = Environment({name: value})
    read(env)
    (problem,) = problems(env)
    assert problem.startswith(f"{name} (")
    assert said in problem


def test_all_problems_come_together():
    env = Environment({"B": "x"})
    env.text("A", what="the first")
    env.number("B", what="the second")
    env.secret("C", what="the third")
    env.problem("D and E do not go together.")
    found = problems(env)
    assert [problem.split()[0] for problem in found] == ["A", "B", "C", "D"]
    assert "the first" in found[0]
    assert "C_FILE" in found[2]
    assert str(SettingsError(found)).startswith("4 settings need a change:")
    env.check()  # told once


def test_an_address_with_a_password_is_never_quoted():
    env = Environment({"DATABASE_URL": "mysql://u:hunter2@h/db", "U": "http://u:hunter2@h:0/"})
    env.url("DATABASE_URL", what="the database", schemes=("postgresql",))
    env.url("U", what="u")
    assert "hunter2" not in " ".join(problems(env))


def test_a_socket_address_is_an_address():
    env = Environment({"DATABASE_URL": "postgresql://u:p@/ceoc?host=/run/pg"})
    assert env.url("DATABASE_URL", what="d", schemes=("postgresql",)).endswith("host=/run/pg")
    env.check()


def test_a_secret_comes_from_its_file_and_follows_it(tmp_path: Path):
    file = tmp_path / "token"
    file.write_text("first\n")
    secret = Environment({"T_FILE": str(file)}).secret("T", what="t")
    assert secret() == "first"
    replaced = tmp_path / "new"
    replaced.write_text("second, third")
    replaced.replace(file)
    assert secret() == "second, third"
    assert secret.items() == ["second", "third"]
    file.unlink()
    assert secret() == "second, third", "a file that is gone for a moment changes nothing"
    file.write_text("")
    assert secret() == "second, third", "nor does one that is being written"


def test_a_secret_does_not_show_itself():
    assert "hunter2" not in repr(Secret("hunter2"))
    assert not Secret("")


@pytest.mark.parametrize(
    ("content", "said"), [(None, "cannot be read (No such file"), ("", "is empty"), (b"\xff\xfe", "it is not text")]
)
def test_a_secret_file_that_cannot_be_used_is_named(tmp_path: Path, content, said):
    file = tmp_path / "token"
    if content is not None:
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    env = Environment({"T_FILE": str(file)})
    env.secret("T", what="t")
    (problem,) = problems(env)
    assert problem.startswith("T_FILE (t)")
    assert said in problem


def test_a_secret_that_is_given_twice_is_refused(tmp_path: Path):
    file = tmp_path / "token"
    file.write_text("x")
    env = Environment({"T": "y", "T_FILE": str(file)})
    env.secret("T", what="t")
    assert "Unset one" in problems(env)[0]


def test_a_program_prints_the_problems_without_a_traceback_and_exits_with_2(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT, env={"PATH": "/usr/bin:/bin", "PORT": "x", "CEOC_VAR": str(tmp_path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    for name in ("PORT", "SECRET_KEY", "DATABASE_URL", "PAGERDUTY_API_TOKEN"):
        assert f"- {name} (" in done.stderr
