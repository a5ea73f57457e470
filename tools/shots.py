"""`make shots`: a picture of every page, wide and phone, light and dark, and the phone's first screen, into var/shots.

Uses the demo that runs from this folder; else starts one of its own beside it, plays a scenario, and ends it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from ceoc.runner import leftovers, places, ports
from ceoc.runner.places import ROOT
from tools import chromium

FIRST, DELIVERY, PERSON = "{first}", "{delivery}", "{person}"
"""Stand for the address of the first emergency of the board, the first delivery and the first person of their lists."""

LISTS = {
    FIRST: ("/", "a[href^='/emergencies/']"),
    DELIVERY: ("/deliveries/", "td a[href^='/deliveries/']"),
    PERSON: ("/people/", "td a[href^='/people/']"),
}
"""Where the first of each stands, and how its link is found."""

PAGES = {
    "sign-in": "/sign-in/",
    "board": "/",
    "board-filtered": "/?stage=ringing",
    "emergency": FIRST,
    "closed": "/closed/",
    "deliveries": "/deliveries/",
    "delivery": DELIVERY,
    "commands": "/commands/",
    "audit": "/audit/",
    "break-glass": "/break-glass/",
    "sign-in-code": "/sign-in/code/",
    "people": "/people/",
    "person": PERSON,
    "who-does-not-match": "/people/unmatched/",
    "own-page": "/me/",
    "tokens": "/tokens/",
    "settings": "/settings/",
    "setting": "/settings/services/",
    "ringing": "/ringing/",
    "follow": "/follow/",
    "palette": FIRST,
    "keys": FIRST,
}
"""Every page by the name of its picture."""

KEYS = {"palette": "Control+k", "keys": "?"}
"""What is pressed on a page before its picture is taken."""

SIZES = {"wide": (1440, 900), "phone": (390, 844)}
Look = Literal["light", "dark"]
LOOKS: tuple[Look, ...] = ("light", "dark")
SIGNED_OUT = frozenset({"sign-in", "sign-in-code"})
PERSONA = "admin@demo.example"
OTHERS = {"follow": "shadow@demo.example"}
"""Who looks at a page that is not the administrator's."""

STARTS_WITHIN = 120.0
FILLS_WITHIN = 40.0
SETTLE = 700
"""Milliseconds until icons, clocks and the stream have settled."""


@dataclass(frozen=True)
class Studio:
    """What every picture needs."""

    browser: Browser
    address: str
    folder: Path

    def picture(self, name: str, path: str, size: str, look: Look) -> list[str]:
        """Takes one page in one size and look; what went wrong, in words."""
        width, height = SIZES[size]
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=look, reduced_motion="reduce",
            has_touch=size == "phone",
        )  # fmt: skip
        try:
            if name not in SIGNED_OUT:
                sign_in(context, self.address, OTHERS.get(name, PERSONA))
            page = context.new_page()
            answer = page.goto(self.address + path, wait_until="load")
            page.wait_for_timeout(SETTLE)
            if name in KEYS:
                page.keyboard.press(KEYS[name])
                page.wait_for_timeout(SETTLE)
            self._take(page, name, size, look)
            wrong = [] if answer is not None and answer.ok else [f"{path}: {answer.status if answer else 'no answer'}"]
            return wrong + _too_wide(page, path, size, width)
        finally:
            context.close()

    def _take(self, page: Page, name: str, size: str, look: str) -> None:
        if size == "phone":
            page.screenshot(path=str(self.folder / f"{name}-{size}-{look}-first-screen.png"))
        page.screenshot(path=str(self.folder / f"{name}-{size}-{look}.png"), full_page=True)


def sign_in(context: BrowserContext, address: str, persona: str = PERSONA) -> None:
    """Signs in as an administrator or another persona, as the demo's one-click button does."""
    page = context.new_page()
    page.goto(f"{address}/sign-in/")
    page.locator(f"main form:has(input[name=persona][value='{persona}']) button").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    page.close()


def first_of(browser: Browser, address: str, place: str) -> str:
    """The path of the first thing of a list, waited for; "" when none comes."""
    listing, selector = LISTS[place]
    context = browser.new_context()
    try:
        sign_in(context, address)
        page = context.new_page()
        until = time.monotonic() + FILLS_WITHIN
        while time.monotonic() < until:
            page.goto(address + listing)
            link = page.locator(selector).first
            if link.count():
                return str(link.get_attribute("href"))
            page.wait_for_timeout(1000)
        return ""
    finally:
        context.close()


@contextmanager
def demo() -> Iterator[str]:
    """The address of a running demo; one of its own in a folder that is removed afterwards when none runs."""
    here = places.find()
    running = here.run / leftovers.ADDRESS
    if leftovers.runner_pid(here) and running.exists():
        yield running.read_text(encoding="utf-8").strip()
        return
    var = Path(tempfile.mkdtemp(prefix="ceoc-shots-")) / "var"
    port = ports.free()
    log = var.parent / "output"
    environment = {**os.environ, "CEOC_VAR": str(var), "PORT": str(port)}
    with log.open("wb") as output:
        runner = subprocess.Popen(
            [sys.executable, "-m", "ceoc.runner"], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL,
            stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        _wait_for(var / "run" / leftovers.ADDRESS, runner, log)
        yield f"http://{ports.HOST}:{port}"
    finally:
        runner.send_signal(signal.SIGTERM)
        runner.wait(60)
        for left in (var.parent, places.find(var).aside):
            shutil.rmtree(left, ignore_errors=True)


def _wait_for(file: Path, runner: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while not file.exists():
        if runner.poll() is not None or time.monotonic() > until:
            told = log.read_text(encoding="utf-8", errors="replace")[-3000:]
            sys.exit(f"The demo did not start:\n{told}")
        time.sleep(0.2)


def _too_wide(page: Page, path: str, size: str, width: int) -> list[str]:
    """A page that scrolls sideways is broken; its pictures scroll inside their cards."""
    found = int(page.evaluate("document.documentElement.scrollWidth"))
    return [f"{path} ({size}) is {found} px wide on {width}"] if found > width else []


def main(arguments: list[str]) -> int:
    """Takes the pictures; 1 when a page does not answer, is too wide, or there is no Chromium."""
    parser = argparse.ArgumentParser(prog="make shots")
    parser.add_argument("pages", nargs="*", help=f"some of: {', '.join(PAGES)}; all when none is given")
    chosen = parser.parse_args(arguments).pages or list(PAGES)
    if unknown := [name for name in chosen if name not in PAGES]:
        parser.error(f"There is no page {', '.join(unknown)}.")
    program = chromium.find_or_install()
    if program is None:
        print("No Chromium was found: set CHROMIUM to one, or install it.", file=sys.stderr)
        return 1
    here = places.find()
    places.make(here)
    folder = here.var / "shots"
    folder.mkdir(exist_ok=True)
    wrong: list[str] = []
    with demo() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(chromium.FLAGS))
        studio = Studio(browser, address, folder)
        for name in chosen:
            path = first_of(browser, address, PAGES[name]) if PAGES[name] in LISTS else PAGES[name]
            if not path:
                wrong.append(f"{name}: the list is empty, there is nothing to show")
                continue
            wrong += [said for size in SIZES for look in LOOKS for said in studio.picture(name, path, size, look)]
        browser.close()
    print(f"{len(list(folder.glob('*.png')))} pictures lie in {folder}")
    print("\n".join(f"  wrong: {said}" for said in wrong), end="\n" if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
