"""The tree by keys: filters, and going to what they hide."""

from __future__ import annotations

from pathlib import Path

from app.driving import answered, opened


async def test_filters_are_one_key_each_and_stand_in_the_title(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        pane = app.main.points_pane
        pane.rows.focus()
        title = pane.query_one("PaneTitle")
        everything = [row.key for row in pane.rows.rows]
        await pilot.press("e")
        assert "with findings" in title.render().plain
        with_findings = [row.key for row in pane.rows.rows]
        assert set(with_findings) < set(everything)
        await pilot.press("p")
        assert "with plugins" in title.render().plain
        assert [row.key for row in pane.rows.rows] != with_findings
        await pilot.press("p")
        assert [row.key for row in pane.rows.rows] == everything
        assert "with" not in title.render().plain


async def test_going_to_what_the_filter_hides_takes_the_filter_away(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        pane = app.main.points_pane
        pane.rows.focus()
        await pilot.press("p")
        hidden = "/endpoints/0/backend/0"
        assert pane.rows.rows.index_of(hidden) is None
        await pilot.press("ctrl+f", *"catalog:8080", "enter")
        await answered(pilot)
        assert pane.rows.key == hidden


async def test_the_cursor_stays_on_its_row_when_the_filter_changes(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        pane = app.main.points_pane
        pane.rows.focus()
        key = "/endpoints/1/backend/0/extra_config/plugin~1http-client"
        pane.select(key)
        await pilot.press("e")
        assert pane.rows.key == key
        await pilot.press("e")
        assert pane.rows.key == key
