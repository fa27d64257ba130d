"""The page of a plugin: every requirement of the documentation, offline, and the ways from it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from app.driving import answered, opened
from hypothesis import given
from hypothesis import strategies as st

from tui.app.app import KrakendTui
from tui.app.page_rows import FLUSH, INDENT, Page, page_lines
from tui.app.screens.plugin_page import PluginPage
from tui.app.widgets.editor import Editor
from tui.app.widgets.plugin_files import PluginFiles
from tui.krakend.requirements.requirement import Requirement, Status, Topic


def text_of(app: KrakendTui) -> str:
    """All lines of the page."""
    assert isinstance(app.screen, PluginPage)
    lines = app.screen.lines
    return "\n".join(lines.row(index, 80).plain for index in range(lines.row_count()))


async def page_of(app: KrakendTui, pilot: object, name: bytes) -> str:
    files = app.main.query_one(PluginFiles)
    files.focus()
    assert files.select(name)
    await pilot.press("enter")  # type: ignore[attr-defined]
    await answered(pilot)  # type: ignore[arg-type]
    return text_of(app)


async def test_enter_on_a_file_shows_every_requirement(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        page = await page_of(app, pilot, b"auth.so")
        for topic in Topic:
            assert f" {topic.value} " in page, topic
        assert "http-server shop-auth" in page
        assert "number 0 in load order" in page
        assert "docker run" in page
        assert "1.25.12" in page
        await pilot.press("escape")
        assert app.screen is app.main


async def test_from_the_page_to_a_use_takes_two_keys(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        page = await page_of(app, pilot, b"tenant.so")
        assert "→ agent order-events › github.com/" in " ".join(page.split())
        await pilot.press("u")
        await answered(pilot)
        assert app.screen is app.main
        assert app.main.entry_pane.opened is not None
        assert app.main.entry_pane.opened.startswith("/async_agent/0/")
        assert app.focused is app.main.query_one(Editor)


async def test_enter_on_a_place_goes_there(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        await page_of(app, pilot, b"mask-card.so")
        lines = app.screen.lines
        where = next(i for i in range(lines.row_count()) if "→" in lines.row(i, 80).plain)
        await pilot.press(*["down"] * where, "enter")
        await answered(pilot)
        assert app.main.entry_pane.opened == "/endpoints/1/extra_config/plugin~1req-resp-modifier"


async def test_the_command_that_mends_is_copied(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        page = await page_of(app, pilot, b"payments.so")
        assert "log: invalid ELF header" in page
        await pilot.press("y")
        assert app.clipboard.startswith("docker run ")
        assert "\n" not in app.clipboard
        assert "Copied" in app.screen.query_one("#dialog-keys").render().plain


@pytest.mark.parametrize("name", [b"README.md", b"old", b"pipe.so", b"dead.so", b"empty.so"])
async def test_what_is_no_plugin_has_a_page_too(shop: Path, name: bytes) -> None:
    folder = shop.parent / "plugins"
    os.mkfifo(folder / "pipe.so")
    (folder / "dead.so").symlink_to("nowhere")
    (folder / "empty.so").touch()
    async with opened(shop) as (app, pilot):
        page = await page_of(app, pilot, name)
        said = {
            b"README.md": "KrakenD does not open it: it does not contain the pattern",
            b"old": "directory: KrakenD can load no plugin from it",
            b"pipe.so": "fifo: KrakenD can load no plugin from it",
            b"dead.so": "dangling link: KrakenD can load no plugin from it",
            b"empty.so": "no Go plugin: an empty file",
        }
        assert said[name] in " ".join(page.split())


async def test_a_file_that_vanishes_meanwhile_is_said(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        entry = next(e for e in app.session.listing.entries if e.name == b"README.md")
        (shop.parent / "plugins" / "README.md").unlink()
        app.file_command("page", entry)
        await answered(pilot)
        assert "vanished" in text_of(app)


REQUIREMENTS = st.builds(
    Requirement,
    st.sampled_from(Topic),
    st.sampled_from(Status),
    have=st.text(max_size=60),
    want=st.text(max_size=60),
    message=st.text(max_size=200),
    log_line=st.text(max_size=60),
    fix=st.text("$ab\n ", max_size=60),
)


@given(st.lists(REQUIREMENTS, max_size=7), st.integers(40, 200), st.text(max_size=80))
def test_nothing_leaves_the_screen_or_steers_it(
    rows: list[Requirement], width: int, words: str
) -> None:
    page = Page(words, words, words, words, rows, details=[("file", words)])
    for line in page_lines(page, width):
        assert len(line.words) + (FLUSH if line.flush else INDENT) <= max(width, 36)
        for character in line.words + line.head:
            assert ord(character) >= 32
            assert not 0x7F <= ord(character) < 0xA0
        assert line.style == "heading" or not line.mark or line.head
