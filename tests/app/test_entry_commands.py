"""The tree's commands by keys: each shows its diff first, and is one undo step. How many keys
each takes stands in the test."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from app.driving import config_of, opened, press
from textual.pilot import Pilot

from tui.app.app import KrakendTui
from tui.app.screens.dialogs import DiffDialog
from tui.app.screens.pick import PickDialog

CLIENT = "/endpoints/2/backend/0/extra_config/plugin~1http-client"
MODIFIER = "/endpoints/1/extra_config/plugin~1req-resp-modifier"


async def at(app: KrakendTui, pilot: Pilot[Any], key: str) -> None:
    """Put the cursor of the tree on the row."""
    app.main.points_pane.select(key)
    app.main.points_pane.rows.focus()
    await pilot.pause()


async def undone(app: KrakendTui, pilot: Pilot[Any], before: str) -> None:
    """One undo takes the command back."""
    assert app.session.document.text != before
    await press(pilot, "ctrl+z")
    assert app.session.document.text == before
    assert not app.session.document.can_undo


async def test_an_entry_is_removed_by_two_keys(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        before = app.session.document.text
        await at(app, pilot, CLIENT)
        keys = await press(pilot, "d")
        assert isinstance(app.screen, DiffDialog)
        assert app.session.document.text == before
        keys += await press(pilot, "enter")
        assert keys == 2
        assert config_of(app)["endpoints"][2]["backend"][0]["extra_config"] == {}
        await undone(app, pilot, before)


async def test_off_and_on_again_takes_four_keys_and_leaves_no_trace(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        before = app.session.document.text
        await at(app, pilot, CLIENT)
        keys = await press(pilot, "x", "enter")
        extra = config_of(app)["endpoints"][2]["backend"][0]["extra_config"]
        assert list(extra) == ["#plugin/http-client"]
        assert app.main.points_pane.rows.key == CLIENT.replace("plugin~1", "#plugin~1")
        keys += await press(pilot, "x", "enter")
        assert keys == 4
        assert app.session.document.text == before
        assert not app.session.modified


async def test_only_what_is_legal_is_added_and_the_one_type_is_not_asked_for(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        before = app.session.document.text
        await at(app, pilot, "/endpoints/0")
        keys = await press(pilot, "a")
        assert isinstance(app.screen, PickDialog)
        keys += await press(pilot, "down", "enter")
        assert isinstance(app.screen, DiffDialog)
        keys += await press(pilot, "enter")
        assert keys == 4
        extra = config_of(app)["endpoints"][0]["extra_config"]
        assert list(extra) == ["plugin/http-server", "plugin/req-resp-modifier"]
        (name,) = extra["plugin/req-resp-modifier"]["name"]
        assert app.session.known.crossref is not None
        assert (
            app.main.points_pane.rows.key == "/endpoints/0/extra_config/plugin~1req-resp-modifier"
        )
        await undone(app, pilot, before)
        assert name


async def test_where_all_is_there_already_nothing_is_offered(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        await at(app, pilot, "")
        await press(pilot, "a")
        assert app.screen is app.main
        assert "there already" in app.main.query_one("#problem").render().plain


async def test_a_modifier_goes_to_twenty_endpoints_in_six_keys(tmp_path: Path) -> None:
    modifier = {"plugin/req-resp-modifier": {"name": ["mask-request"], "mask": {"digits": 4}}}
    endpoints: list[Any] = [{"endpoint": "/first", "extra_config": modifier}]
    endpoints += [{"endpoint": f"/pay/{n}"} for n in range(20)]
    endpoints += [{"endpoint": "/other"}]
    config = tmp_path / "krakend.json"
    config.write_text(json.dumps({"version": 3, "endpoints": endpoints}, indent=2))
    async with opened(config) as (app, pilot):
        before = app.session.document.text
        app.main.points_pane.rows.focus()
        await at(app, pilot, "/endpoints/0/extra_config/plugin~1req-resp-modifier")
        keys = await press(pilot, "c", *"pay", "ctrl+a")
        options = app.screen.query_one("#options")
        shown = options.render_line(0)
        assert "".join(segment.text for segment in shown).startswith(" ✓ GET /pay/0")
        keys += await press(pilot, "enter")
        assert isinstance(app.screen, DiffDialog)
        keys += await press(pilot, "enter")
        assert keys == 7
        after = config_of(app)["endpoints"]
        assert [e.get("extra_config") for e in after] == [modifier] * 21 + [None]
        await undone(app, pilot, before)


async def test_marking_one_by_one(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        before = app.session.document.text
        await at(app, pilot, MODIFIER)
        await press(pilot, "c", "tab", "down", "tab", "enter", "enter")
        after = config_of(app)
        both = [
            "plugin/req-resp-modifier" in place.get("extra_config", {})
            for endpoint in after["endpoints"]
            for place in (endpoint, *endpoint["backend"])
        ]
        assert both.count(True) == 3
        await undone(app, pilot, before)


async def test_a_plugin_is_renamed_everywhere_at_once(shop: Path) -> None:
    text = shop.read_text()
    shop.write_text(text.replace("plugin/req_resp_modifier", "plugin/req-resp-modifier"))
    async with opened(shop) as (app, pilot):
        before = app.session.document.text
        await at(app, pilot, "/endpoints/2/extra_config/plugin~1req-resp-modifier")
        keys = await press(pilot, "r")
        assert isinstance(app.screen, PickDialog)
        keys += await press(pilot, "enter", *"hide")
        await press(pilot, "end", "enter")
        assert isinstance(app.screen, DiffDialog)
        await press(pilot, "enter")
        first, second = (e["extra_config"] for e in config_of(app)["endpoints"][1:])
        assert first["plugin/req-resp-modifier"] == {
            "name": ["hide-response"],
            "hide": {"keep_digits": 4},
        }
        assert second["plugin/req-resp-modifier"] == {
            "name": ["hide-request", "hide-response"],
            "hide": {"keep_digits": 0},
        }
        assert keys == 6
        await undone(app, pilot, before)


def _removed(config: Any) -> None:
    config["endpoints"][2]["backend"][0]["extra_config"] = {}


def _off(config: Any) -> None:
    extra = config["endpoints"][2]["backend"][0]["extra_config"]
    extra["#plugin/http-client"] = extra.pop("plugin/http-client")


def _renamed(config: Any) -> None:
    renamed = json.dumps(config).replace('"patient-client"', '"brief"')
    config.update(json.loads(renamed))


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (["d", "enter"], _removed),
        (["x", "enter"], _off),
        (["r", *"brief", "enter", "enter"], _renamed),
    ],
)
async def test_a_command_after_typing_elsewhere_hits_its_place(
    shop: Path, keys: list[str], expected: Callable[[Any], None]
) -> None:
    """Typing in `pattern` moves all that stands below it."""
    async with opened(shop) as (app, pilot):
        await press(pilot, *"longer-pattern")
        await app.main.analysed()
        config = config_of(app)
        await at(app, pilot, CLIENT)
        await press(pilot, *keys)
        expected(config)
        assert config_of(app) == config


@pytest.mark.parametrize("key", ["a", "d", "x", "c", "r"])
async def test_escape_anywhere_leaves_everything_as_it_was(shop: Path, key: str) -> None:
    async with opened(shop) as (app, pilot):
        await at(app, pilot, MODIFIER)
        await press(pilot, key)
        while app.screen is not app.main:
            await press(pilot, "escape")
        assert not app.session.modified


async def test_what_cannot_be_done_is_said(shop: Path) -> None:
    text = shop.read_text()
    both = '"#plugin/http-client": { "name": "patient-client" }'
    shop.write_text(text.replace(both, both + ', "plugin/http-client": { "name": "x" }'))
    async with opened(shop) as (app, pilot):
        await at(app, pilot, "/endpoints/1/backend/1/extra_config/#plugin~1http-client")
        await press(pilot, "x")
        assert app.screen is app.main
        words = app.main.query_one("#problem").render().plain
        assert "Not done" in words
        assert "plugin/http-client" in words
        assert not app.session.modified
        await at(app, pilot, "/endpoints/0")
        await press(pilot, "d")
        assert "plugin entry first" in app.main.query_one("#problem").render().plain
