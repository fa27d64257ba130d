"""ctrl+f and `/`: one line finds by whatever is known of a place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from app.driving import answered, opened

from tui.app.places import goals
from tui.app.screens.pick import Option, PickDialog
from tui.app.widgets.editor import Editor
from tui.document.tree import JsonTree
from tui.krakend.points import injection_points

CONFIG = {
    "extra_config": {"plugin/http-server": {"name": ["auth"], "auth": {"realm": "Kitchen"}}},
    "endpoints": [
        {"endpoint": "/orders", "method": "POST", "backend": [{"url_pattern": "/o"}]},
        {
            "endpoint": "/pay",
            "backend": [
                {
                    "host": ["http://one:1", "http://two:2"],
                    "method": "DELETE",
                    "url_pattern": "/charges",
                    "extra_config": {"plugin/http-client": {"name": "patient"}},
                }
            ],
        },
    ],
}
BACKEND = "/endpoints/1/backend/0"


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("/orders", "/endpoints/0"),
        ("post", "/endpoints/0"),
        ("two:2", BACKEND),
        ("delete pay", BACKEND),
        ("charges", BACKEND),
        ("http-client", BACKEND + "/extra_config/plugin~1http-client"),
        ("patient", BACKEND + "/extra_config/plugin~1http-client"),
        ("auth", "/extra_config/plugin~1http-server"),
        ("kitchen", "/extra_config/plugin~1http-server"),
    ],
)
def test_one_line_finds_it(typed: str, first: str) -> None:
    points = injection_points(JsonTree.parse(json.dumps(CONFIG)))
    options = [Option(goal.key, goal.label, goal.words, goal.text) for goal in goals(points)]
    found = [option.value for option in options if option.holds(typed.casefold().split())]
    assert found[0] == first


def test_the_line_of_a_value_is_shown() -> None:
    option = Option("", "service", "auth", '{\n  "realm": "Kitchen",\n  "x": 1\n}')
    assert option.excerpt(["kitchen", "auth"]) == '"realm": "Kitchen",'
    assert option.excerpt(["auth"]) == ""
    assert option.excerpt(["nothing"]) == ""


@pytest.mark.parametrize("key", ["ctrl+f", "slash"])
async def test_a_value_is_reached_in_the_editor(shop: Path, key: str) -> None:
    async with opened(shop) as (app, pilot):
        app.main.points_pane.rows.focus()
        await pilot.press(key)
        await pilot.pause()
        assert isinstance(app.screen, PickDialog)
        await pilot.press(*"retry_after", "enter")
        await answered(pilot)
        editor = app.main.query_one(Editor)
        assert app.focused is editor
        row, column = editor.cursor_location
        assert editor.document.get_line(row)[column:].startswith('"retry_after_seconds"')


async def test_one_endpoint_among_5000_is_there_in_eight_keys(tmp_path: Path) -> None:
    """ctrl+f, six characters of it, Enter; and only what is on the screen is drawn."""
    config = tmp_path / "krakend.json"
    endpoints = [
        {"endpoint": f"/v1/item{n:04}", "backend": [{"host": [f"http://h{n}"]}]}
        for n in range(5000)
    ]
    config.write_text(json.dumps({"version": 3, "endpoints": endpoints}))
    async with opened(config) as (app, pilot):
        tree = app.main.points_pane.rows
        tree.focus()
        drawn: list[int] = []
        make = tree.row

        def counted(index: int, width: int) -> object:
            drawn.append(index)
            return make(index, width)

        tree.row = counted  # type: ignore[method-assign]
        keys = ["ctrl+f", *"em4321", "enter"]
        assert len(keys) == 8
        await pilot.press(*keys)
        await answered(pilot)
        await pilot.pause()
        assert tree.key == "/endpoints/4321"
        assert app.main.entry_pane.opened == "/endpoints/4321"
        assert len(set(drawn)) <= 3 * tree.size.height
