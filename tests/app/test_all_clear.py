"""That there is no finding is told with what it is worth."""

import json
from pathlib import Path

from tui.app.session import Session
from tui.app.words import all_clear_words
from tui.demo.elf_writer import DemoPlugin, write_plugin
from tui.krakend.target import default_target
from tui.options import Options
from tui.plugin.facts import PluginType


def session_on(folder: Path, entry: dict[str, object]) -> Session:
    config = folder / "krakend.json"
    block = {"folder": "./plugins/", "pattern": ".so"}
    config.write_text(json.dumps({"version": 3, "plugin": block, "extra_config": entry}))
    return Session(config, Options(str(folder), None, default_target()))


def judge(session: Session) -> bool:
    """Take an analysis and read what it lacks; whether there was something to read."""
    outcome = session.judging.analyse(session.document.tree, session.listing)
    session.take(outcome)
    return session.judging.read_missing(outcome.snapshot)


def test_while_files_are_read_nothing_is_promised(tmp_path: Path) -> None:
    (tmp_path / "plugins").mkdir()
    plugin = write_plugin(DemoPlugin("example.com/auth", {PluginType.SERVER: "auth"}))
    (tmp_path / "plugins" / "auth.so").write_bytes(plugin)
    session = session_on(tmp_path, {"plugin/http-server": {"name": ["auth"]}})

    assert judge(session)
    assert session.diagnostics == ()
    assert "Reading" in all_clear_words(session)

    assert not judge(session)
    assert session.diagnostics == ()
    assert "every name" in all_clear_words(session)


def test_without_a_file_that_loads_names_are_unchecked(tmp_path: Path) -> None:
    (tmp_path / "plugins").mkdir()
    session = session_on(tmp_path, {})

    assert not judge(session)
    assert "unchecked" in all_clear_words(session)
