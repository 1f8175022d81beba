"""A real browser, Debian's chromium driven by playwright, and pages in it that are watched.

Without either its tests are skipped. ``KG_PICTURES`` names a folder into which a picture of each page of the seed goes
(docs/serve.md says how the documentation's pictures are made).
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest

BROWSER = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
PICTURES = os.environ.get("KG_PICTURES")
BAD_MARKS = (
    "[...document.querySelectorAll('*')].filter(e => [...e.attributes].some(a => a.name.startsWith('on') ||"
    " (/^(href|src|action|xlink:href|data)$/.test(a.name) && /^\\s*(javascript|data|vbscript):/i.test(a.value))))"
    ".map(e => e.outerHTML.slice(0, 200))"
)
"""Script for a page: its elements that would run something, of which there must be none."""


class Watched:
    """A page in the browser, with what it asked for, what it complained of, and what opened."""

    def __init__(self, browser, server, **options):
        self.server = server
        self.context = browser.new_context(**{"viewport": {"width": 1200, "height": 800}, **options})
        self.page = self.context.new_page()
        self.page.set_default_timeout(60_000)
        self.outside, self.complaints, self.dialogs = [], [], []
        own = f"127.0.0.1:{server.port}"
        self.page.on(
            "request",
            lambda request: (
                None
                if urlsplit(request.url).netloc == own or request.url.startswith(("data:", "blob:"))
                else self.outside.append(request.url)
            ),
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console", lambda message: self.complaints.append(message.text) if message.type == "error" else None
        )
        self.page.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))

    def open(self, path):
        """Go to a page."""
        answer = self.page.goto(f"http://127.0.0.1:{self.server.port}{path}", wait_until="domcontentloaded")
        assert answer.status == 200, path
        return self.page

    def picture(self, name):
        """Keep what is seen, where somebody wants pictures."""
        if PICTURES:
            self.page.screenshot(path=Path(PICTURES) / f"{name}.png")

    def said_nothing(self):
        """Nobody else was asked, no script complained, nothing opened."""
        assert (self.outside, self.complaints, self.dialogs) == ([], [], [])


def wait_for_editor(page):
    """Until YASGUI stands."""
    page.wait_for_selector(".yasqe .CodeMirror-code")


def serious(page, name):
    """What axe finds on a page that shuts somebody out."""
    axe = pytest.importorskip("axe_core_python.sync_playwright").Axe()
    context = {"exclude": [["#yasgui"]]} if name == "editor" else None  # YASGUI's own marks are not ours
    found = axe.run(page, context=context, options={"resultTypes": ["violations"]})
    return [
        (v["id"], v["nodes"][0]["html"][:200]) for v in found["violations"] if v["impact"] in ("serious", "critical")
    ]


def look_at_all(watched, pages, axe=(), *, pictures=False):
    """Open each page (name: address): of those named axe finds nothing serious; nothing outside, no complaint."""
    for name, path in pages.items():
        page = watched.open(path)
        if name == "editor":
            wait_for_editor(page)
        if pictures:
            page.wait_for_load_state("networkidle")
            watched.picture(name)
        if name in axe:
            assert serious(page, name) == [], name
    watched.said_nothing()
