"""The folder pane by keys: each job with the number of keys that it takes."""

from __future__ import annotations

from pathlib import Path

import pytest
from app.driving import answered, opened, press

from tui.app.app import KrakendTui
from tui.app.screens.pick import PickDialog
from tui.app.widgets.editor import Editor
from tui.app.widgets.plugin_files import PluginFiles
from tui.app.widgets.state_line import StateLine


def state(app: KrakendTui) -> str:
    return app.main.query_one(StateLine).render().plain.strip()


def files(app: KrakendTui) -> PluginFiles:
    return app.main.query_one(PluginFiles)


def names(app: KrakendTui) -> list[str]:
    """The file names as they are on the screen, from the top."""
    shown = files(app)
    lines = ["".join(s.text for s in shown.render_line(y)) for y in range(shown.size.height)]
    return [line[5:].split()[0] for line in lines if line.strip()]


async def test_where_a_file_is_used_and_back_takes_one_key_each(shop: Path) -> None:
    async with opened(shop, size=(80, 30)) as (app, pilot):
        files(app).focus()
        files(app).select(b"client-1.4.2.so")
        await pilot.pause()
        # The endpoint gives way on a narrow screen.
        assert state(app).startswith("patient-client  u: …")
        assert state(app).endswith("payments:8082")
        assert await press(pilot, "u") == 1
        assert app.main.entry_pane.opened == (
            "/endpoints/2/backend/0/extra_config/plugin~1http-client"
        )
        editor = app.main.query_one(Editor)
        assert app.focused is editor
        row, column = editor.cursor_location
        assert editor.document.get_line(row)[column:].startswith('"patient-client"')

        app.main.points_pane.rows.focus()
        assert await press(pilot, "f") == 1
        assert app.focused is files(app)
        assert files(app).current is not None
        assert files(app).current.name == "client-1.4.2.so"


async def test_from_a_name_to_its_file_is_enter(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        app.main.query_one("#names").focus()
        await press(pilot, "enter")
        assert app.focused is files(app)
        assert files(app).current is not None
        assert files(app).current.name == "auth.so"


async def test_of_several_uses_one_is_picked(shop: Path) -> None:
    text = shop.read_text()
    shop.write_text(text.replace('"name": ["patient-client"]', '"name": "patient-client"'))
    async with opened(shop) as (app, pilot):
        files(app).focus()
        files(app).select(b"client-1.4.2.so")
        await pilot.press("u")
        await pilot.pause()
        assert isinstance(app.screen, PickDialog)
        assert app.screen.options.options[0].label.startswith("GET /v1/orders/{id} › backend 0")
        await press(pilot, "down", "enter")
        assert app.main.entry_pane.opened is not None
        assert app.main.entry_pane.opened.startswith("/endpoints/2/")


async def test_what_is_not_used_says_why(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        files(app).focus()
        for name, why in (
            (b"README.md", "does not load README.md"),
            (b"maintenance.so", "Nothing in the config uses maintenance of maintenance.so"),
            (b"payments.so", "registers no name"),
        ):
            files(app).select(name)
            await press(pilot, "u")
            assert why in app.main.query_one("#problem").render().plain


async def test_sorting_is_one_key_and_stands_in_the_title(shop: Path) -> None:
    import os

    os.utime(shop.parent / "plugins" / "tenant.so", (2e9, 2e9))
    async with opened(shop, size=(80, 40)) as (app, pilot):
        title = app.main.folder_pane.query_one("PaneTitle")
        as_loaded = names(app)
        assert as_loaded == sorted(as_loaded)
        files(app).focus()
        files(app).select(b"auth.so")
        await press(pilot, "s")
        assert "Plugins by match" in title.render().plain
        assert names(app)[-2:] == ["README.md", "old/"]
        await press(pilot, "s")
        assert "Plugins by time" in title.render().plain
        assert names(app)[0] == "tenant.so"
        assert files(app).current is not None
        assert files(app).current.name == "auth.so"
        await press(pilot, "s")
        assert names(app) == as_loaded
        assert "by" not in title.render().plain


async def test_the_slash_is_one_key_and_one_undo_step_with_the_typing(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        app.main.folder_pane.field("folder").focus()
        await press(pilot, "backspace")
        assert state(app) == "no / at the end: Enter adds it"
        assert await press(pilot, "enter") == 1
        assert app.session.field_text("folder") == "./plugins/"
        assert state(app).startswith("relative to")
        await press(pilot, "end", "o", "l", "d", "enter")
        assert app.session.field_text("folder") == "./plugins/old/"
        await press(pilot, "ctrl+z")
        assert app.session.field_text("folder") == "./plugins/"


async def test_the_folder_is_completed(shop: Path) -> None:
    (shop.parent / "plugins" / "older").mkdir()
    async with opened(shop) as (app, pilot):
        field = app.main.folder_pane.field("folder")
        field.focus()
        await press(pilot, *["backspace"] * 6)
        assert state(app).startswith("missing, looked in")
        await press(pilot, "ctrl+@")
        assert field.value == "./plugins/"
        await press(pilot, "ctrl+@")
        assert field.value == "./plugins/old"
        await pilot.press("ctrl+@")
        await pilot.pause()
        assert isinstance(app.screen, PickDialog)
        await press(pilot, "down", "enter")
        assert field.value == "./plugins/older/"
        assert app.focused is field
        await press(pilot, "escape")
        assert field.value == "./plugins/"
        assert not app.session.modified


async def test_near_misses_show_when_nothing_matches(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        await press(pilot, *["backspace"] * 2, "S", "O")
        assert state(app) == "8 files match when case is ignored"
        assert "0 of 10 load" in app.main.folder_pane.query_one("PaneTitle").render().plain
        await press(pilot, "escape")
        assert state(app).startswith("relative to")
        assert not app.session.modified


async def test_the_folder_goes_and_comes_back(shop: Path) -> None:
    folder, away = shop.parent / "plugins", shop.parent / "away"
    async with opened(shop) as (app, pilot):
        title = app.main.folder_pane.query_one("PaneTitle")

        async def until(words: str) -> None:
            for _ in range(2000):
                if words in title.render().plain:
                    return
                await pilot.pause(0.01)
            raise AssertionError(f"{words} did not come: {title.render().plain}")

        folder.rename(away)
        await until("no such folder")
        assert state(app).startswith("missing, looked in")
        away.rename(folder)
        await until("8 of 10 load")
        assert not app.session.modified


async def test_f5_looks_again_and_polling_stands_in_the_title(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tui.storage import watch

    monkeypatch.setenv("WATCHFILES_FORCE_POLLING", "1")
    monkeypatch.setattr(watch, "_POLL_SECONDS", 3600.0)
    async with opened(shop) as (app, pilot):
        title = app.main.folder_pane.query_one("PaneTitle")
        for _ in range(2000):
            if "polled" in title.render().plain:
                break
            await pilot.pause(0.01)
        assert "Plugins polled" in title.render().plain
        (shop.parent / "plugins" / "new.so").touch()
        assert await press(pilot, "f5") == 1
        assert "9 of 11 load" in title.render().plain


async def test_the_wide_list_says_the_names_and_the_uses(shop: Path) -> None:
    async with opened(shop, size=(120, 40)) as (app, _pilot):
        shown = files(app)
        lines = ["".join(s.text for s in shown.render_line(y)) for y in range(shown.size.height)]
        auth = next(line for line in lines if " auth.so " in line)
        head = app.main.query_one("#files-head").render().plain
        assert head.split() == ["file", "registers", "used", "if", "go", "pf", "lc", "im"]
        assert auth.split() == ["0", "auth.so", "shop-auth", "1×", "✓", "✓", "✓", "?", "✓", "✓"]
        assert auth.index("?") in (head.index("lc"), head.index("lc") + 1)
        backup = next(line for line in lines if "auth.so.bak" in line)
        assert backup.split()[-6:] == ["✓", "✗", "✓", "?", "✓", "▲"]


@pytest.mark.parametrize("width", [60, 80, 119])
async def test_below_120_columns_there_is_one_mark(shop: Path, width: int) -> None:
    async with opened(shop, size=(width, 40)) as (app, pilot):
        files(app).focus()
        await pilot.pause()
        shown = files(app)
        lines = ["".join(s.text for s in shown.render_line(y)) for y in range(shown.size.height)]
        auth = next(line for line in lines if " auth.so " in line)
        assert auth.split() == ["0", "auth.so", "server", "✓"]
        assert not app.main.query_one("#files-head").display


async def test_every_command_is_in_the_palette(shop: Path) -> None:
    from tui.app.palette import all_commands

    async with opened(shop) as (app, pilot):
        titles = [f"{command.title}  {command.keys}" for command in all_commands(app)]
        for pane, keys in (("Files", "Enter u s"), ("Tree", "a, x c r f p e"), ("Folder", "ctrl+")):
            for key in keys.split():
                assert any(t.startswith(f"{pane}: ") and f"  {key}" in t for t in titles), key
        files(app).select(b"tenant.so")
        await press(pilot, "ctrl+p", *"usedfiles"[:4], "enter")
        assert app.main.entry_pane.opened is not None
        assert app.main.entry_pane.opened.startswith("/async_agent/0/")


async def test_what_is_said_fits_no_terminal_code(shop: Path) -> None:
    """A folder of a hostile name in the config and on the disk."""
    name = "pl\x1b[31mug\u202e"
    (shop.parent / name).mkdir()
    shop.write_text(shop.read_text().replace("./plugins/", "./pl"))
    async with opened(shop) as (app, pilot):
        app.main.folder_pane.field("folder").focus()
        await pilot.press("ctrl+@")
        await answered(pilot)
        await pilot.press("escape")
        await answered(pilot)
        for widget in (app.main.query_one(StateLine), app.main.query_one("#problem")):
            assert all(ord(c) >= 32 or c == "\n" for c in widget.render().plain)
            assert "\u202e" not in widget.render().plain
