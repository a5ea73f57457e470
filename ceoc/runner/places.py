"""Where things lie: the folder `var/` (or CEOC_VAR), the data owner's folder, and a short folder for sockets."""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ceoc.runner.errors import CannotRun

ROOT = Path(__file__).resolve().parents[2]
"""The checkout."""

SOCKET_PATH_LIMIT = 100
"""Bytes of a Unix socket's path that every system takes (Linux 107, macOS 103)."""

MARKER = ".ceoc"
"""An empty file that says: this folder is ours, `make reset` may remove it."""

LEAST_FREE = 300 * 1024 * 1024
"""Bytes that must be free before anything starts: a database, its log files and ours."""


@dataclass(frozen=True)
class Owner:
    """The account that PostgreSQL runs under, since it refuses to run as root."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Places:
    """The folders of one installation. Two checkouts, or two CEOC_VAR, share nothing."""

    var: Path
    owner: Owner | None
    """Set when we are root; None when the present account may run PostgreSQL itself."""

    @property
    def run(self) -> Path:
        """What lives as long as the processes: lock, address, process ids."""
        return self.var / "run"

    @property
    def log(self) -> Path:
        """One log file for each process."""
        return self.var / "log"

    @property
    def keys(self) -> Path:
        """Generated secrets, one a file, mode 600."""
        return self.var / "secrets"

    @property
    def mark(self) -> str:
        """Eight letters that tell this installation from others on the machine."""
        return hashlib.sha256(os.fsencode(self.var)).hexdigest()[:8]

    @property
    def aside(self) -> Path:
        """Where PostgreSQL's data lies when its owner cannot reach `var`."""
        return Path("/var/lib") / f"ceoc-{self.mark}"


def find(var: str | os.PathLike[str] | None = None) -> Places:
    """The places of this checkout; `var` or the variable CEOC_VAR moves them."""
    folder = Path(var or os.environ.get("CEOC_VAR") or ROOT / "var").expanduser().absolute()
    return Places(var=folder, owner=_owner())


def make(places: Places) -> None:
    """Makes the folders; raises CannotRun in words when the disk is full or they cannot be written."""
    _claim(places.var)
    try:
        places.var.mkdir(parents=True, exist_ok=True)
        for folder in (places.run, places.log, places.keys):
            folder.mkdir(mode=0o700, exist_ok=True)
        with tempfile.TemporaryFile(dir=places.run) as probe:
            probe.write(b"x" * 65536)
        (places.var / MARKER).touch()
    except OSError as error:
        raise CannotRun(f"{places.var} cannot be written: {error.strerror}. Free it, or set CEOC_VAR.") from None
    free = shutil.disk_usage(places.var).free
    if free < LEAST_FREE:
        raise CannotRun(
            f"The disk under {places.var} is full: {free >> 20} MB are free, {LEAST_FREE >> 20} MB are needed. "
            "Free some space, or set CEOC_VAR to a folder on another disk."
        )


def _claim(var: Path) -> None:
    """Refuses a folder that holds somebody else's files, since `make reset` removes what is in it."""
    if var == ROOT / "var" or not var.exists() or (var / MARKER).exists():
        return
    if not var.is_dir() or any(var.iterdir()):
        raise CannotRun(f"{var} holds something that is not ours. Set CEOC_VAR to a new or an empty folder.")


def postgres_home(places: Places) -> Path:
    """The folder of PostgreSQL's data, made and owned by who runs it: under `var`, else (as root) under /var/lib."""
    here = places.var / "postgres"
    if places.owner is None:
        here.mkdir(mode=0o700, exist_ok=True)
        return here
    choices = [here, places.aside]
    if (places.aside / "data").exists():
        choices.reverse()  # an earlier start had to go there: its data counts
    for folder in choices:
        if _handed_over(folder, places.owner):
            return folder
    raise CannotRun(
        f"PostgreSQL does not run as root, and the account {places.owner.name} can reach neither {here} nor "
        f"{places.aside}. Set CEOC_VAR to a folder that it can reach, or DATABASE_URL to a server that runs."
    )


def socket_folder(places: Places, home: Path) -> Path:
    """A private folder whose socket paths are short enough, whatever the depth of `home`."""
    near = home / "socket"
    folder = near if _fits(near) else _short_folder(places)
    folder.mkdir(mode=0o700, exist_ok=True)
    wanted = places.owner.uid if places.owner else os.getuid()
    if folder.is_symlink() or folder.lstat().st_uid not in {wanted, os.getuid()}:
        raise CannotRun(f"{folder} belongs to somebody else; remove it, or set CEOC_VAR to a shorter path.")
    if places.owner:
        os.chown(folder, places.owner.uid, places.owner.gid)
    folder.chmod(0o700)
    return folder


def short_folders(places: Places) -> list[Path]:
    """Where sockets lie for an installation whose own path is too long."""
    name = f"ceoc-{os.getuid()}-{places.mark}"
    return [Path(tempfile.gettempdir()) / name, Path("/tmp") / name]  # noqa: S108 - made private, refused when another's


def _short_folder(places: Places) -> Path:
    near, fallback = short_folders(places)
    return near if _fits(near) else fallback


def _fits(folder: Path) -> bool:
    """Whether a socket in it can be bound and named: short enough, and libpq reads a comma as the next host."""
    return len(os.fsencode(folder)) + len("/.s.PGSQL.5432.lock") <= SOCKET_PATH_LIMIT and "," not in str(folder)


def reachable(path: Path, owner: Owner | None) -> bool:
    """Whether the data's owner may go through all folders above a file (or a folder) and read it."""
    return owner is None or run_as(owner, ["/bin/sh", "-c", '[ -r "$0" ]', str(path)]).returncode == 0


def run_as(
    owner: Owner | None, command: list[str], environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end with root's rights dropped for the data's owner; as we are when there is no need."""
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        user=owner.uid if owner else None,
        group=owner.gid if owner else None,
        extra_groups=[] if owner else None,
        cwd="/" if owner else None,
    )


def _handed_over(folder: Path, owner: Owner) -> bool:
    """Makes `folder` the owner's, and says whether the owner can write there."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.is_symlink():
            return False
        os.chown(folder, owner.uid, owner.gid)
    except OSError:
        return False
    test = run_as(owner, ["/bin/sh", "-c", 'cd "$0" && [ -w . ]', str(folder)])
    if test.returncode != 0 and not any(folder.iterdir()):
        folder.rmdir()
    return test.returncode == 0


def _owner() -> Owner | None:
    """The account for PostgreSQL when we are root: one made for it if there is one, else the least of all."""
    if os.getuid() != 0:
        return None
    for name in ("ceoc", "postgres", "nobody"):
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        return Owner(account.pw_name, account.pw_uid, account.pw_gid)
    raise CannotRun("PostgreSQL does not run as root, and there is no account 'nobody'. Run this as another user.")
