"""Somebody else writes the file while it is open: nothing is lost, and nobody is overruled."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import pytest
from app.driving import opened, until
from textual.pilot import Pilot
from textual.widgets.text_area import Selection

from tui.app.app import KrakendTui
from tui.app.screens.dialogs import ChoiceDialog, DiffDialog
from tui.app.tree_rows import WHOLE_FILE
from tui.app.widgets.bars import KeyLine, TitleBar
from tui.document.diff import edits_between
from tui.storage.backup import list_backups
from tui.storage.state import state_folder

BASE = """{
  "version": 3,
  "name": "shop",
  "plugin": {"pattern": ".so", "folder": "./plugins/"},
  "extra_config": {"plugin/http-server": {"name": ["one", "two"]}}
}
"""


def write(app: KrakendTui, old: str, new: str) -> None:
    """An unsaved edit."""
    text = app.session.document.text
    assert old in text
    app.session.step(edits_between(text, text.replace(old, new)))


def rewritten(config: Path, old: str, new: str) -> None:
    """Somebody else's edit, as most editors save."""
    text = config.read_text()
    assert old in text
    other = config.with_name("theirs.tmp")
    other.write_text(text.replace(old, new))
    other.replace(config)


async def answer(pilot: Pilot[Any], dialog: type, *keys: str) -> Any:
    """Wait for a dialog and answer it; the dialog."""
    await until(pilot, lambda: isinstance(pilot.app.screen, dialog))
    screen = pilot.app.screen
    await pilot.press(*keys)
    await until(pilot, lambda: pilot.app.screen is not screen)
    return screen


async def agree(pilot: Pilot[Any]) -> DiffDialog:
    """Write what the diff shows, also when errors remain; the dialog."""
    await until(pilot, lambda: isinstance(pilot.app.screen, DiffDialog))
    screen = pilot.app.screen
    assert isinstance(screen, DiffDialog)
    await pilot.press("enter", *(["y"] if screen._warning else []))
    await until(pilot, lambda: pilot.app.screen is not screen)
    return screen


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "krakend.json"
    path.write_text(BASE)
    return path


async def test_a_clean_editor_keeps_cursor_selection_and_undo(config: Path) -> None:
    async with opened(config) as (app, pilot):
        write(app, '"shop"', '"market"')
        app.main.entry_pane.open(WHOLE_FILE)
        app.action_save()
        await agree(pilot)
        await until(pilot, lambda: not app.session.modified)
        editor = app.main.entry_pane.editor
        editor.selection = Selection((4, 3), (4, 15))
        assert editor.selected_text == "extra_config"

        rewritten(config, '  "version": 3,', '  "@by": "them",\n  "@more": 1,\n  "version": 3,')

        await until(pilot, lambda: "@by" in app.session.document.text)
        assert editor.selection == Selection((6, 3), (6, 15))
        assert editor.selected_text == "extra_config"
        assert not app.session.modified
        app.action_undo()
        assert app.session.document.text == BASE.replace("shop", "market")
        app.action_undo()
        assert app.session.document.text == BASE
        app.action_redo()
        app.action_redo()
        assert app.session.document.text == config.read_text()
        assert not app.session.modified


async def test_two_changes_are_merged_on_their_text(config: Path) -> None:
    async with opened(config) as (app, pilot):
        write(app, '"shop"', '"market"')
        rewritten(config, "  ", "\t")
        rewritten(config, '".so"', '"-prod.so"')
        await until(pilot, lambda: app.session.on_disk.theirs is not None)
        assert "market" in app.session.document.text
        assert "krakend.json changed on disk" in app.main.query_one(TitleBar).render().plain
        theirs = config.read_text()
        app.action_save()
        await answer(pilot, ChoiceDialog, "b")
        await agree(pilot)
        await until(pilot, lambda: not app.session.modified)
        assert config.read_text() == theirs.replace("shop", "market")
        app.action_undo()
        assert app.session.document.text == BASE.replace("shop", "market")


async def test_the_choice_takes_no_key_from_who_types_and_is_one_key_away(config: Path) -> None:
    async with opened(config) as (app, pilot):
        keys = app.main.query_one(KeyLine)
        await pilot.press("a")
        assert "^S Save" in str(keys.render())
        rewritten(config, "shop", "market")
        await until(pilot, lambda: app.session.on_disk.theirs is not None)
        await pilot.press("m", "t", "b")
        assert app.session.field_text("pattern") == ".soamtb"
        assert "^S Merge" in str(keys.render())
        await pilot.press("ctrl+s")
        await answer(pilot, ChoiceDialog, "b")
        await agree(pilot)
        await until(pilot, lambda: not app.session.modified)
        assert "^S Save" in str(keys.render())
    text = config.read_text()
    assert "market" in text
    assert ".soamtb" in text


@pytest.mark.parametrize(("key", "kept"), [("m", '["one", "two", "mine"]'), ("t", '["theirs"]')])
async def test_a_conflict_is_decided_entry_by_entry(config: Path, key: str, kept: str) -> None:
    async with opened(config) as (app, pilot):
        write(app, '"two"]', '"two", "mine"]')
        write(app, '"shop"', '"market"')
        rewritten(config, '["one", "two"]', '["theirs"]')
        app.action_save()
        dialog = await answer(pilot, ChoiceDialog, "b")
        assert any("1 conflict" in choice.label for choice in dialog._choices)
        dialog = await answer(pilot, ChoiceDialog, key)
        assert dialog._text == "Both changed /extra_config/plugin~1http-server/name"
        assert '-["one", "two"]' in dialog._diff
        assert '+["one", "two", "mine"]' in dialog._diff
        assert '+["theirs"]' in dialog._diff
        await agree(pilot)
        await until(pilot, lambda: not app.session.modified)
        assert kept in config.read_text()
        assert "market" in config.read_text()


async def test_escape_in_a_conflict_leaves_everything_as_it_was(config: Path) -> None:
    async with opened(config) as (app, pilot):
        write(app, '"shop"', '"mine"')
        rewritten(config, '"shop"', '"theirs"')
        mine, theirs = app.session.document.text, config.read_text()
        for keys in (["escape"], ["b", "escape"]):
            app.action_save()
            for key in keys:
                await answer(pilot, ChoiceDialog, key)
            await until(pilot, lambda: app.screen is app.main)
            assert (app.session.document.text, config.read_text()) == (mine, theirs)


async def test_theirs_is_one_undo_from_mine(config: Path) -> None:
    async with opened(config) as (app, pilot):
        write(app, '"shop"', '"mine"')
        mine = app.session.document.text
        rewritten(config, '"shop"', '"theirs"')
        app.action_save()
        await answer(pilot, ChoiceDialog, "t")
        assert app.session.document.text == config.read_text()
        assert not app.session.modified
        app.action_undo()
        assert app.session.document.text == mine
        assert app.session.modified


async def test_mine_over_theirs_keeps_theirs_as_a_backup(config: Path) -> None:
    async with opened(config) as (app, pilot):
        write(app, '"shop"', '"mine"')
        rewritten(config, '"shop"', '"theirs"')
        theirs = config.read_bytes()
        app.action_save()
        await answer(pilot, ChoiceDialog, "m")
        await agree(pilot)
        await until(pilot, lambda: not app.session.modified)
        assert '"mine"' in config.read_text()
        kept = list_backups(state_folder(os.environ), config)
        assert kept[0].file.read_bytes() == theirs


async def test_a_third_version_between_the_question_and_the_write_is_asked_again(
    config: Path,
) -> None:
    async with opened(config) as (app, pilot):
        write(app, '"shop"', '"mine"')
        rewritten(config, '"shop"', '"theirs"')
        app.action_save()
        await answer(pilot, ChoiceDialog, "m")
        await until(pilot, lambda: isinstance(app.screen, DiffDialog))
        rewritten(config, '"theirs"', '"third"')
        await agree(pilot)
        await answer(pilot, ChoiceDialog, "escape")
        assert '"third"' in config.read_text()
        assert '"mine"' in app.session.document.text


async def test_truncate_and_write_in_two_steps_never_shows_half_a_file(config: Path) -> None:
    async with opened(config) as (app, pilot):
        seen: list[str] = []
        app.session.document.subscribe(lambda _: seen.append(app.session.document.text))
        after = BASE.replace("shop", "market")
        with config.open("w") as slow:
            slow.flush()
            app.config_changed()
            await pilot.pause(0.1)
            slow.write(after[:40])
            slow.flush()
            app.config_changed()
            await pilot.pause(0.1)
            slow.write(after[40:])
        await until(pilot, lambda: app.session.document.text == after)
        assert seen == [after]
        assert not app.session.modified


async def test_an_empty_file_does_not_empty_the_editor(config: Path) -> None:
    async with opened(config) as (app, pilot):
        config.write_text("")
        await until(pilot, lambda: app.session.on_disk.theirs is not None)
        assert app.session.document.text == BASE
        assert app.session.modified
        app.action_save()
        await answer(pilot, ChoiceDialog, "m")
        await agree(pilot)
        await until(pilot, lambda: config.read_text() == BASE)


async def test_a_file_that_is_no_text_any_more_leaves_the_text(config: Path) -> None:
    async with opened(config) as (app, pilot):
        config.write_bytes(b"\xff\xfe\x00")
        await until(pilot, lambda: app.session.on_disk.theirs is not None)
        assert app.session.document.text == BASE
        app.action_save()
        await answer(pilot, ChoiceDialog, "t")
        assert app.session.document.text == BASE
        assert config.read_bytes() == b"\xff\xfe\x00"


async def test_deleted_and_made_again(config: Path) -> None:
    async with opened(config) as (app, pilot):
        config.unlink()
        app.config_changed()
        await pilot.pause(0.1)
        config.write_text(BASE)
        app.config_changed()
        await app.saving.others._settled()
        await pilot.pause()
        assert not app.session.modified
        assert not app.session.on_disk.gone


async def test_deleted_for_good_is_written_anew(config: Path) -> None:
    config.chmod(0o640)
    async with opened(config) as (app, pilot):
        config.unlink()
        await until(pilot, lambda: app.session.on_disk.gone)
        assert app.session.modified
        app.action_save()
        dialog = await agree(pilot)
        assert "deleted" in dialog._warning
        await until(pilot, lambda: not app.session.modified)
    assert config.read_text() == BASE
    assert config.stat().st_mode & 0o777 == 0o640


async def test_made_again_by_somebody_else_it_is_not_overwritten_unseen(config: Path) -> None:
    """They make it while the dialog asks whether to make it anew, and nobody has noticed yet."""
    async with opened(config) as (app, pilot):
        config.unlink()
        await until(pilot, lambda: app.session.on_disk.gone)
        app.action_save()
        await until(pilot, lambda: isinstance(app.screen, DiffDialog))
        app.workers.cancel_group(app.main, "watch")
        app.workers.cancel_group(app, "file")
        await pilot.pause()
        config.write_text(BASE.replace("shop", "theirs"))
        await pilot.press("enter", "y")
        await until(pilot, lambda: isinstance(app.screen, ChoiceDialog))
        assert "theirs" in config.read_text()


async def test_a_configmap_swap_is_followed(tmp_path: Path) -> None:
    for number, text in (("1", BASE), ("2", BASE.replace("shop", "market"))):
        folder = tmp_path / f"..2024_01_01_00_00_0{number}.1"
        folder.mkdir()
        (folder / "krakend.json").write_text(text)
    (tmp_path / "..data").symlink_to("..2024_01_01_00_00_01.1")
    config = tmp_path / "krakend.json"
    config.symlink_to("..data/krakend.json")
    async with opened(config) as (app, pilot):
        (tmp_path / "..data_tmp").symlink_to("..2024_01_01_00_00_02.1")
        (tmp_path / "..data_tmp").replace(tmp_path / "..data")
        await until(pilot, lambda: "market" in app.session.document.text)
        assert not app.session.modified
        write(app, "market", "mine")
        app.session.on_disk.keep()
        (tmp_path / "..data_tmp").symlink_to("..2024_01_01_00_00_01.1")
        (tmp_path / "..data_tmp").replace(tmp_path / "..data")
        await until(pilot, lambda: app.session.on_disk.theirs is not None)
        assert "mine" in app.session.document.text


@pytest.mark.parametrize("key", ["enter", "escape"])
async def test_the_text_stands_still_while_a_dialog_is_about_it(config: Path, key: str) -> None:
    """What the dialog would do was worked out for the text of when it opened."""
    async with opened(config) as (app, pilot):
        app.entry_command("remove", "/extra_config/plugin~1http-server")
        await until(pilot, lambda: isinstance(app.screen, DiffDialog))
        rewritten(config, "{\n", "{\n\n")
        rewritten(config, "shop", "sho")
        await until(pilot, lambda: app.saving.others.waits)
        app.config_changed()
        await pilot.pause()
        assert app.session.document.text == BASE
        await pilot.press(key)
        if key == "escape":
            await until(pilot, lambda: app.session.document.text == config.read_text())
            return
        await until(pilot, lambda: app.session.on_disk.theirs is not None)
        assert json.loads(app.session.document.text) == {**json.loads(BASE), "extra_config": {}}


async def test_a_folder_that_never_rests_holds_up_no_save(config: Path) -> None:
    async with opened(config) as (app, pilot):
        # As if another file came with each look.
        app.session.judging.read_missing = lambda _snapshot: True  # type: ignore[method-assign]
        write(app, "shop", "market")
        app.action_save()
        await agree(pilot)
        await until(pilot, lambda: not app.session.modified)
    assert "market" in config.read_text()


async def test_our_own_save_is_nobody_elses(config: Path) -> None:
    """However often the watcher reports while a save is under way."""
    async with opened(config) as (app, pilot):
        said: list[str] = []
        say = app.main.say

        def listen(words: str, kind: str = "message") -> None:
            said.append(words)
            say(words, kind)

        app.main.say = listen  # type: ignore[method-assign]
        for number in range(10):
            write(app, '"version"', f'"@{number}": 0, "version"')
            app.action_save()
            await agree(pilot)
            while app.session.modified:
                app.config_changed()
                await asyncio.sleep(0)
            app.config_changed()
            await pilot.pause()
        assert not [words for words in said if "changed on disk" in words]


async def test_text_that_came_to_the_file_by_another_way_is_saved(config: Path) -> None:
    """As by the sudo command in another terminal."""
    async with opened(config) as (app, pilot):
        write(app, "shop", "market")
        config.write_text(app.session.document.text)
        await until(pilot, lambda: not app.session.modified)
        assert app.session.on_disk.find_recovery() is None
