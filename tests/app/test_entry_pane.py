"""The names, the editor and the problems by keys, each job with the keys that it takes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from app.driving import Gate, answered, config_of, opened, until
from textual import events
from textual.pilot import Pilot

from tui.app.app import KrakendTui
from tui.app.screens.dialogs import DiffDialog, TextDialog
from tui.app.screens.pick import PickDialog
from tui.app.tree_rows import WHOLE_FILE
from tui.app.widgets.bars import PaneTitle, ProblemBar
from tui.app.widgets.editor import Editor
from tui.app.widgets.help_rows import HelpRows
from tui.app.widgets.names import Names
from tui.app.widgets.problem_list import ProblemList
from tui.diagnostic import Severity
from tui.document.diff import edits_between
from tui.document.text import split_lines

SERVER = "/extra_config/plugin~1http-server"
MODIFIER = "/endpoints/1/extra_config/plugin~1req-resp-modifier"
CLIENT = "/endpoints/1/backend/0/extra_config/plugin~1http-client"
SCHEMA = {
    "type": "object",
    "properties": {
        "realm": {
            "title": "Realm",
            "type": "string",
            "default": "shop",
            "description": "Asked for in WWW-Authenticate.",
            "examples": ["shop"],
        },
        "mode": {"title": "Mode", "enum": ["strict", "lenient"]},
    },
}


def names_of(app: KrakendTui) -> list[tuple[str, str]]:
    rows = app.main.query_one(Names).rows
    return [(row.name, "off" if row.is_off else row.mark) for row in rows]


def say(app: KrakendTui) -> str:
    return " ".join(app.main.query_one(ProblemBar).render().plain.split())


async def go(app: KrakendTui, pilot: Pilot[Any], key: str, widget: str) -> None:
    """Open a tree row with the focus on a pane: where the counting of keys begins."""
    app.main.points_pane.select(key)
    app.main.entry_pane.open(key)
    app.main.set_focus(app.main.query_one(widget))
    await app.main.analysed()
    await pilot.pause()


async def press(app: KrakendTui, pilot: Pilot[Any], keys: str, count: int) -> None:
    """Press `keys` and hold the user's bill against `count`."""
    pressed = keys.split()
    assert len(pressed) == count
    for key in pressed:
        await pilot.press(key)
        await answered(pilot)
    if app.screen is app.main:
        await app.main.analysed()
        await pilot.pause()


# -- names ----------------------------------------------------------------------------


async def test_names_say_who_provides_them_how_surely_and_in_which_order(shop: Path) -> None:
    async with opened(shop, size=(120, 40)) as (app, pilot):
        await go(app, pilot, SERVER, "#names")
        rows = {row.name: row.words for row in app.main.query_one(Names).rows}
        assert rows == {"shop-auth": "auth.so  exact", "maintenence": "no loaded file"}
        order = str(app.main.query_one("#order-words").render())
        assert "last of the list first: maintenence → shop-auth" in order
        await go(app, pilot, MODIFIER, "#names")
        assert "responses the backend's" in str(app.main.query_one("#order-words").render())
        assert "initial value" in app.main.query_one(Names).rows[0].words
        await go(app, pilot, CLIENT, "#names")
        assert "no list" in str(app.main.query_one("#order-words").render())


async def test_a_name_is_switched_off_and_comes_back_in_its_place(shop: Path) -> None:
    before = shop.read_bytes()
    async with opened(shop) as (app, pilot):
        await go(app, pilot, SERVER, "#names")
        await press(app, pilot, "x", 1)
        entry = config_of(app)["extra_config"]["plugin/http-server"]
        assert entry["name"] == ["maintenence"]
        assert entry["#name"] == {"shop-auth": 1}
        assert names_of(app) == [("shop-auth", "off"), ("maintenence", "✗")]
        await press(app, pilot, "x", 1)
        assert app.session.document.to_bytes() == before
        await press(app, pilot, "x ctrl+z", 2)
        assert app.session.document.to_bytes() == before


async def test_the_one_name_of_a_client_is_switched_with_its_entry(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        key = "/endpoints/2/backend/0/extra_config/plugin~1http-client"
        await go(app, pilot, key, "#names")
        await press(app, pilot, "x enter", 2)
        extra = config_of(app)["endpoints"][2]["backend"][0]["extra_config"]
        assert list(extra) == ["#plugin/http-client"]


async def test_a_name_is_moved_and_the_cursor_goes_with_it(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        await go(app, pilot, SERVER, "#names")
        await press(app, pilot, "J", 1)
        assert [name for name, _ in names_of(app)] == ["maintenence", "shop-auth"]
        assert app.main.query_one(Names).cursor == 1
        await press(app, pilot, "K", 1)
        assert not app.session.modified


async def test_names_of_a_file_that_another_session_edits_stay(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        app.session.look_only = True
        await go(app, pilot, SERVER, "#names")
        for key in "xdJ":
            await press(app, pilot, key, 1)
            assert "Another session" in say(app)
        assert not app.session.modified


async def test_what_the_files_register_is_added_or_any_text(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        await go(app, pilot, SERVER, "#names")
        await press(app, pilot, "a enter", 2)
        names = config_of(app)["extra_config"]["plugin/http-server"]["name"]
        assert names == ["shop-auth", "maintenence", "maintenance"]
        await press(app, pilot, "a m y enter", 4)
        names = config_of(app)["extra_config"]["plugin/http-server"]["name"]
        assert names[-1] == "my"
        await press(app, pilot, "d", 1)
        assert config_of(app)["extra_config"]["plugin/http-server"]["name"] == names[:-1]


async def test_a_key_on_a_name_is_about_the_names_that_are_there_then(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys in one packet; the findings about the first come behind the last."""
    gate = Gate(monkeypatch)
    async with opened(shop) as (app, pilot):
        await go(app, pilot, SERVER, "#names")
        gate.close()
        try:
            app.post_message(events.Key("down", None))
            for _ in range(3):
                app.post_message(events.Key("d", "d"))
            server = "plugin/http-server"
            await until(pilot, lambda: config_of(app)["extra_config"][server]["name"] == [])
            await answered(pilot)
        finally:
            gate.open()


async def test_a_name_that_another_writer_took_away_is_not_removed_twice(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        await go(app, pilot, SERVER, "#names")
        await press(app, pilot, "down", 1)
        row = app.main.entry_pane.names.rows[1]
        document = app.session.document
        theirs = document.text.replace(', "maintenence"', "", 1)
        app.session.apply(edits_between(document.text, theirs))
        app.main.entry_pane.names.post_message(Names.Asked("remove", row))
        await until(pilot, lambda: "have changed meanwhile" in say(app))
        assert document.text == theirs


async def test_both_halves_of_a_modifier_are_offered_together(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        await go(app, pilot, MODIFIER, "#names")
        await press(app, pilot, "d a", 2)
        dialog = app.screen
        assert isinstance(dialog, PickDialog)
        labels = [option.label for option in dialog.options.options]
        assert "mask-card-request + mask-card-response" in labels
        await press(app, pilot, "m a s k enter", 5)
        names = config_of(app)["endpoints"][1]["extra_config"]["plugin/req-resp-modifier"]["name"]
        assert names == ["mask-card-request", "mask-card-response"]


async def test_an_entry_without_names_says_how_to_add_one(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        await go(app, pilot, SERVER, "#names")
        await press(app, pilot, "d d", 2)
        names = app.main.query_one(Names)
        assert "a adds one" in "".join(segment.text for segment in names.render_line(0))
        await press(app, pilot, "a enter", 2)
        assert [name for name, _ in names_of(app)] == ["shop-auth"]
        await go(app, pilot, WHOLE_FILE, "#editor")
        await press(app, pilot, "shift+tab", 1)
        assert app.focused is app.main.points_pane.rows


# -- the editor -----------------------------------------------------------------------


async def test_three_views_of_one_text(shop: Path) -> None:
    async with opened(shop, size=(120, 30)) as (app, pilot):
        await go(app, pilot, SERVER, "#editor")
        pane, editor = app.main.entry_pane, app.main.query_one(Editor)
        at = app.session.document.text.index('"realm"') + 1
        editor.move_to(at)
        shown = []
        for _ in range(3):
            await press(app, pilot, "f6", 1)
            assert editor.place == at
            shown.append((pane.view, pane.query_one(PaneTitle).render().plain.split()[-2]))
            await pilot.press("z")
            assert '"zrealm"' in app.session.document.text
            await pilot.press("backspace")
        assert shown == [(f"{SERVER}/shop-auth", "block"), (WHOLE_FILE, "file"), (SERVER, "entry")]
        assert app.session.document.to_bytes() == shop.read_bytes()


async def test_the_whole_file_turns_to_the_entry_under_the_cursor(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        await go(app, pilot, WHOLE_FILE, "#editor")
        app.main.query_one(Editor).move_to(app.session.document.text.index("mask-card-response"))
        await press(app, pilot, "f6", 1)
        assert app.main.entry_pane.opened == MODIFIER
        assert app.main.points_pane.rows.key == MODIFIER


@pytest.mark.parametrize("indent", ["  ", "    ", "\t"])
async def test_new_lines_have_the_indentation_of_the_file(shop: Path, indent: str) -> None:
    config = json.loads(shop.read_text())
    shop.write_text(json.dumps(config, indent=indent))
    async with opened(shop) as (app, pilot):
        await go(app, pilot, SERVER, "#editor")
        editor = app.main.query_one(Editor)
        editor.move_to(app.session.document.text.index('"realm": "shop"') + len('"realm": "shop"'))
        keys = 'comma enter " x " : { enter } '.replace('"', "quotation_mark")
        keys = keys.replace(":", "colon").replace("{", "left_curly_bracket")
        await press(app, pilot, keys.replace("}", "right_curly_bracket"), 9)
        lines = split_lines(app.session.document.text)
        row = next(row for row, line in enumerate(lines) if '"x"' in line)
        assert lines[row].rstrip("\n") == f'{indent * 4}"x":{{'
        assert lines[row + 1].rstrip("\n") == f"{indent * 4}}}"


async def test_enter_between_brackets_opens_a_block(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        await go(app, pilot, SERVER, "#editor")
        text = app.session.document.text
        app.main.query_one(Editor).move_to(text.index('["/v1/catalog"') + 1)
        await press(app, pilot, "enter", 1)
        lines = [line.rstrip("\n") for line in split_lines(app.session.document.text)]
        assert f'{" " * 10}"/v1/catalog", "/__health"],' in lines
        app.session.document.undo()
        app.main.query_one(Editor).move_to(text.index("}", text.index('"status"')))
        await press(app, pilot, "left_curly_bracket right_curly_bracket left enter", 4)
        lines = [line.rstrip("\n") for line in split_lines(app.session.document.text)]
        row = lines.index(" " * 6 + "{")
        assert lines[row + 1 : row + 3] == [" " * 8, " " * 6 + "}}"]


async def test_tab_indents_selected_lines_and_else_leaves_the_pane(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        await go(app, pilot, SERVER, "#editor")
        before = app.session.document.text
        await press(app, pilot, "down shift+down tab", 3)
        assert '        "name": ["shop-auth"' in app.session.document.text
        await press(app, pilot, "shift+tab", 1)
        assert app.session.document.text == before
        await press(app, pilot, "up tab", 2)
        assert not isinstance(app.focused, Editor)


async def test_the_bracket_at_the_cursor_and_its_partner_stand_out(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        await go(app, pilot, SERVER, "#editor")
        editor = app.main.query_one(Editor)
        assert editor.matching_bracket_location == (10, 0)
        await press(app, pilot, "ctrl+end left", 2)
        assert editor.matching_bracket_location == (0, 0)
        text = app.session.document.text
        editor.move_to(text.index('"/v1/catalog"') - 1)
        row, column = editor.matching_bracket_location or (0, 0)
        assert editor.document.get_line(row)[column] == "]"


async def test_findings_are_marked_in_text_and_gutter_and_said(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        await go(app, pilot, SERVER, "#editor")
        editor = app.main.query_one(Editor)
        gutter = [
            "".join(s.text for s in editor.render_line(y))[: editor.gutter_width].strip()
            for y in range(3)
        ]
        assert gutter[:2] == ["12", "13✗"]
        await press(app, pilot, "down", 1)
        assert "maintenence" in say(app)
        errors = [m for marks in editor._marks.values() for m in marks if m[2] is Severity.ERROR]
        assert len(errors) == 1


async def test_a_finding_about_the_key_of_an_entry_is_marked_at_its_first_line(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        await go(app, pilot, "/endpoints/0/extra_config/plugin~1http-server", "#editor")
        editor = app.main.query_one(Editor)
        assert "✗" in "".join(s.text for s in editor.render_line(0))[: editor.gutter_width]


async def test_the_key_at_the_cursor_is_explained_by_the_plugins_schema(shop: Path) -> None:
    (shop.parent / "plugins/shop-auth.schema.json").write_text(json.dumps(SCHEMA))
    async with opened(shop, size=(120, 40)) as (app, pilot):
        await go(app, pilot, SERVER, "#editor")
        editor, help_ = app.main.query_one(Editor), app.main.query_one(HelpRows)
        editor.move_to(app.session.document.text.index('"realm"') + 1)
        await pilot.pause()
        for words in (
            'realm: a string = "shop"',
            'e.g. "shop"',
            "Realm",
            "Asked for in WWW-Authenticate.",
            "shop-auth.schema.json in the plugin folder",
        ):
            assert words in help_.words
        editor.move_to(app.session.document.text.index('"name": ["shop') + 2)
        await pilot.pause()
        assert help_.words.startswith("name: a list of strings")


async def test_a_setting_is_added_by_the_schema_and_its_value_chosen(shop: Path) -> None:
    (shop.parent / "plugins/shop-auth.schema.json").write_text(json.dumps(SCHEMA))
    async with opened(shop) as (app, pilot):
        await go(app, pilot, SERVER, "#editor")
        editor = app.main.query_one(Editor)
        editor.move_to(app.session.document.text.index('"realm"') + 1)
        await press(app, pilot, "ctrl+@ enter", 2)
        settings = config_of(app)["extra_config"]["plugin/http-server"]["shop-auth"]
        assert settings["mode"] == "strict"
        editor.move_to(app.session.document.text.index('"strict"') + 1)
        await press(app, pilot, "ctrl+@ down enter", 3)
        settings = config_of(app)["extra_config"]["plugin/http-server"]["shop-auth"]
        assert settings["mode"] == "lenient"
        editor.move_to(app.session.document.text.index("maintenence") + 1)
        await press(app, pilot, "ctrl+@ m a i n enter", 6)
        names = config_of(app)["extra_config"]["plugin/http-server"]["name"]
        assert names == ["shop-auth", "maintenance"]


# -- pastes ---------------------------------------------------------------------------


async def paste(app: KrakendTui, pilot: Pilot[Any], text: str) -> None:
    app.post_message(events.Paste(text))
    await answered(pilot)
    await pilot.pause()


async def test_a_paste_of_many_lines_is_no_pattern(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        await paste(app, pilot, ".so\r.bak\r")
        assert not app.session.modified
        assert "2 lines" in say(app)
        assert "nothing was pasted" in say(app)
        await paste(app, pilot, ".bak\r\n")
        assert app.session.field_text("pattern") == ".so.bak"


async def test_pasted_lines_go_into_the_editor_as_lines(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        await go(app, pilot, SERVER, "#editor")
        text = app.session.document.text
        app.main.query_one(Editor).move_to(text.index('"retry_after_seconds"'))
        await paste(app, pilot, '"a": 1,\r\n"b": {\r  "c": 2\n},\r')
        assert config_of(app)["extra_config"]["plugin/http-server"]["maintenance"]["b"] == {"c": 2}
        assert "\r" not in app.session.document.text


async def test_a_paste_into_a_list_is_refused_in_words(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        await go(app, pilot, SERVER, "#names")
        await paste(app, pilot, "d\nd\n")
        assert not app.session.modified
        assert "Nothing was pasted" in say(app)


async def test_pasted_lines_are_words_of_a_search(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        await press(app, pilot, "ctrl+f", 1)
        await paste(app, pilot, "orders\nhttp-client\n")
        dialog = app.screen
        assert isinstance(dialog, PickDialog)
        await press(app, pilot, "enter", 1)
        assert app.main.entry_pane.opened == CLIENT


# -- problems -------------------------------------------------------------------------


async def test_the_list_of_problems_is_there_from_30_rows_on(shop: Path) -> None:
    async with opened(shop, size=(80, 29)) as (app, pilot):
        assert not app.main.query(ProblemList)
        await pilot.resize_terminal(80, 30)
        await until(pilot, lambda: any(r.size.height for r in app.main.query(ProblemList)))
        app.main.set_focus(app.main.query_one(ProblemList))
        rules = [found.rule for found in app.session.diagnostics]
        place = rules.index("plugin-name-type")
        await press(app, pilot, "home" + " down" * place + " enter", 2 + place)
        found = app.session.diagnostics[place]
        assert app.main.problem == found
        assert app.main.query_one(Editor).place == found.span.start
        assert isinstance(app.focused, Editor)


async def test_walking_forth_and_back_and_every_explanation(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        seen = []
        for _ in app.session.diagnostics:
            await press(app, pilot, "f8", 1)
            problem = app.main.problem
            assert problem is not None
            seen.append(problem)
            await press(app, pilot, "f2", 1)
            assert isinstance(app.screen, TextDialog)
            text = app.screen._text.plain
            assert problem.message.split('"')[0] in text
            assert "source" in text
            await press(app, pilot, "escape", 1)
        assert sorted(seen, key=app.session.diagnostics.index) == list(app.session.diagnostics)
        await press(app, pilot, "f8 f7", 2)
        assert app.main.problem == seen[-1]


async def test_a_fix_is_seen_and_applied_with_three_keys(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        while app.main.problem is None or app.main.problem.rule != "plugin-name-type":
            await pilot.press("f8")
        await press(app, pilot, "ctrl+g", 1)
        assert isinstance(app.screen, DiffDialog)
        await press(app, pilot, "enter", 1)
        client = config_of(app)["endpoints"][1]["backend"][0]["extra_config"]["plugin/http-client"]
        assert client["name"] == "patient-client"


async def test_all_of_a_rule_are_fixed_at_once(shop: Path) -> None:
    config = json.loads(shop.read_text())
    for endpoint in config["endpoints"]:
        for backend in endpoint["backend"]:
            backend["extra_config"] = {"plugin/http-client": {"name": ["patient-client"]}}
    shop.write_text(json.dumps(config, indent=2))
    async with opened(shop) as (app, pilot):
        while app.main.problem is None or app.main.problem.rule != "plugin-name-type":
            await pilot.press("f8")
        await press(app, pilot, "ctrl+g a enter", 3)
        assert not [d for d in app.session.diagnostics if d.rule == "plugin-name-type"]
        await press(app, pilot, "ctrl+z", 1)
        assert app.session.document.to_bytes() == shop.read_bytes()
