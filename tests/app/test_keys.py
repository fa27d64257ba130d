"""Keys keep their order and do what a plain text model says."""

from __future__ import annotations

import random
from pathlib import Path

from app.conftest import Start
from app.driving import opened

from tui.app.tree_rows import WHOLE_FILE
from tui.app.widgets.editor import Editor
from tui.app.widgets.fields import BlockField


def test_a_burst_in_one_packet_keeps_its_order(start: Start, shop: Path) -> None:
    with start(shop) as terminal:
        terminal.wait("no loaded file")
        keys = ["x", "backspace", "backspace", "c", "home", "d", "end", "e"]
        from app.terminal import key

        terminal.press("".join(map(key, keys)))
        terminal.wait("pattern d.sce")


def test_keys_typed_ahead_of_a_dialog_reach_the_dialog(start: Start, shop: Path) -> None:
    before = shop.read_bytes()
    with start(shop) as terminal:
        terminal.wait("no loaded file")
        from app.terminal import key

        terminal.press("".join(map(key, ["y", "ctrl+s", "enter", "y"])))
        terminal.wait("Saved")
    assert shop.read_bytes() == before.replace(b'".so"', b'".soy"')


async def test_random_keys_leave_the_text_equal_to_the_models(shop: Path) -> None:
    """Typing, deleting, moving and undoing in the whole file, against a list of characters."""
    random_ = random.Random(7)
    async with opened(shop) as (app, pilot):
        app.main.entry_pane.open(WHOLE_FILE)
        editor = app.main.query_one(Editor)
        app.main.set_focus(editor)
        model = list(app.session.document.text)
        place = 0
        for _ in range(150):
            action = random_.choice(
                ["type", "type", "type", "backspace", "delete", "right", "left"]
            )
            if action == "type":
                character = random_.choice('ab{}[]",:')
                await pilot.press(_KEYS.get(character, character))
                model.insert(place, character)
                place += 1
            else:
                await pilot.press(action)
                if action == "backspace" and place:
                    place -= 1
                    del model[place]
                elif action == "delete" and place < len(model):
                    del model[place]
                elif action in ("left", "right"):
                    place = max(0, min(len(model), place + (1 if action == "right" else -1)))
        assert app.session.document.text == "".join(model)
        while app.session.document.undo():
            pass
        assert app.session.document.to_bytes() == shop.read_bytes()
        assert not app.session.modified


_KEYS = {
    "{": "left_curly_bracket", "}": "right_curly_bracket", "[": "left_square_bracket",
    "]": "right_square_bracket", '"': "quotation_mark", ",": "comma", ":": "colon",
}  # fmt: skip


async def test_escape_brings_back_the_pattern_of_before(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        await pilot.press(*"abc")
        assert app.session.field_text("pattern") == ".soabc"
        await pilot.press("escape")
        assert app.session.field_text("pattern") == ".so"
        assert app.main.query_one("#pattern", BlockField).value == ".so"
        assert not app.session.modified


async def test_a_burst_in_the_pattern_is_one_undo_step(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        await pilot.press(*"abc", "tab", "shift+tab", *"de")
        await pilot.press("ctrl+z")
        assert app.session.field_text("pattern") == ".soabc"
        await pilot.press("ctrl+z")
        assert app.session.field_text("pattern") == ".so"
        await pilot.press("ctrl+y")
        assert app.session.field_text("pattern") == ".soabc"
