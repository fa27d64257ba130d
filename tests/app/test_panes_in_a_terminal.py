"""The folder pane and the tree by keys in a real terminal at 80x24; what is asserted is read off
the screen and off the disk."""

from __future__ import annotations

import json
from pathlib import Path

from app.conftest import Start


def test_the_folder_is_completed_and_a_plugins_page_leads_to_its_use(
    start: Start, shop: Path
) -> None:
    before = shop.read_bytes()
    with start(shop) as terminal:
        terminal.wait("8 of 10 load")
        terminal.press("tab", *["backspace"] * 7)
        terminal.wait("missing, looked in")
        terminal.press("ctrl+@")
        terminal.wait("folder  ./plugins/")
        terminal.wait("8 of 10 load")
        terminal.press("tab", "G")
        terminal.wait("add-tenant  u: agent order-events")
        terminal.press("enter")
        terminal.wait("Requirements of KrakenD CE")
        assert "go-version" in terminal.text
        terminal.press("u")
        terminal.wait("agent order-events › ")
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
    assert shop.read_bytes() == before


def test_an_entry_is_found_copied_and_taken_back(start: Start, shop: Path) -> None:
    before = shop.read_bytes()
    with start(shop) as terminal:
        terminal.wait("8 of 10 load")
        terminal.press("ctrl+f", "mask-card-response orders", "enter")
        terminal.wait("GET /v1/orders/{id} › ")
        terminal.press("c", "catalog")
        terminal.wait("GET /v1/catalog")
        terminal.press("ctrl+a")
        terminal.wait("2 marked")
        terminal.press("enter")
        terminal.wait("Copy plugin/req-resp-modifier to 2 places")
        terminal.press("enter")
        terminal.wait("krakend.json ●")
        terminal.press("ctrl+s")
        terminal.wait("Enter write")
        terminal.press("enter")
        terminal.wait("y write anyway")
        terminal.press("y")
        terminal.wait("Saved")
        config = json.loads(shop.read_text())
        catalog = config["endpoints"][0]
        for place in (catalog, catalog["backend"][0]):
            assert place["extra_config"]["plugin/req-resp-modifier"]["name"] == [
                "mask-card-response"
            ]
        terminal.press("ctrl+z", "ctrl+s")
        terminal.wait("Enter write")
        terminal.press("enter")
        terminal.wait("y write anyway")
        terminal.press("y")
        terminal.wait("Saved")
    assert shop.read_bytes() == before
