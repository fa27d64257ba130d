import json
import os
from pathlib import Path

import pytest

from tui.demo.sandbox import make_sandbox
from tui.plugin.facts import FileKind, PluginFacts, PluginType
from tui.plugin.inspect import inspect_plugin


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return make_sandbox(tmp_path / "shop")


def facts(config: Path) -> dict[str, PluginFacts]:
    return {
        path.name: inspect_plugin(path.read_bytes())
        for path in (config.parent / "plugins").iterdir()
        if path.is_file()
    }


def test_the_config_is_a_krakend_config_of_some_screens(config: Path) -> None:
    text = config.read_bytes().decode()
    value = json.loads(text)
    assert value["version"] == 3
    assert 80 <= text.count("\n") <= 120
    assert text.endswith("}\n")
    assert len(value["endpoints"]) == 3
    assert len(value["async_agent"]) == 1


def test_the_folder_has_plugins_and_near_misses(config: Path) -> None:
    folder = config.parent / "plugins"
    assert (folder / "old").is_dir()
    assert (folder / "client.so").is_symlink()
    assert (folder / "client.so").exists()
    assert not os.path.isabs(os.readlink(folder / "client.so"))
    kinds = {name: fact.kind for name, fact in facts(config).items()}
    assert kinds.pop("README.md") is FileKind.TEXT
    assert kinds.pop("payments.so") is FileKind.HTML
    assert set(kinds.values()) == {FileKind.GO_PLUGIN}
    assert "auth.so.bak" in kinds


def test_what_the_mended_config_names_is_registered(config: Path) -> None:
    registered = {
        (found.type, found.name)
        for fact in facts(config).values()
        for found in fact.registerers
        if found.name is not None
    }
    assert registered == {
        (PluginType.SERVER, "shop-auth"),
        (PluginType.SERVER, "maintenance"),
        (PluginType.CLIENT, "patient-client"),
        (PluginType.MODIFIER, "mask-card-request"),
        (PluginType.MODIFIER, "mask-card-response"),
        (PluginType.MODIFIER, "add-tenant"),
    }


def test_every_sandbox_has_the_same_bytes(tmp_path: Path, config: Path) -> None:
    other = make_sandbox(tmp_path / "again")
    one, two = config.parent, other.parent
    names = sorted(path.relative_to(one) for path in one.rglob("*"))
    assert names == sorted(path.relative_to(two) for path in two.rglob("*"))
    for name in names:
        if (one / name).is_file():
            assert (one / name).read_bytes() == (two / name).read_bytes()


def test_a_sandbox_is_never_written_over(config: Path) -> None:
    config.write_text("mine")
    with pytest.raises(FileExistsError):
        make_sandbox(config.parent)
    assert config.read_text() == "mine"
