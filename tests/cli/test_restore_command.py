import os
from pathlib import Path

import pytest

from tui.cli import config_commands
from tui.storage.read import read_config
from tui.storage.save import save_config
from tui.storage.state import state_folder


@pytest.fixture
def config(here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """krakend.json with the content 3, which was 1 and 2 before."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    path = here / "krakend.json"
    path.write_text('{"version": 1}\n')
    for number in (2, 3):
        save_config(
            read_config(path),
            b'{"version": %d}\n' % number,
            state=state_folder(os.environ),
        )
    return path


def test_versions_are_listed_newest_first(krakend_tui, config: Path) -> None:
    outcome = krakend_tui("restore", "--format", "json")
    assert outcome.code == 0
    first, second = outcome.json["versions"]
    assert (first["number"], second["number"]) == (1, 2)
    assert first["replaced_at"] > second["replaced_at"]
    assert not first["is_current"]
    text = krakend_tui("restore", config)
    assert text.code == 0
    assert len(text.out.splitlines()) == 3


def test_a_version_is_put_back_and_the_one_before_is_kept(krakend_tui, config: Path) -> None:
    outcome = krakend_tui("restore", "--to", "2", "--yes", config)
    assert outcome.code == 0
    assert '-{"version": 3}' in outcome.out
    assert '+{"version": 1}' in outcome.out
    assert config.read_text() == '{"version": 1}\n'
    assert len(krakend_tui("restore", "--format", "json").json["versions"]) == 3
    krakend_tui("restore", "--to", "1", "--yes")
    assert config.read_text() == '{"version": 3}\n'


def test_it_asks_before_it_writes(
    krakend_tui, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = krakend_tui("restore", "--to", "1")
    assert refused.code == 2
    assert "--yes" in refused.err
    monkeypatch.setattr(config_commands, "is_interactive", lambda: True)
    for answer, expected in ((False, 3), (True, 2)):
        monkeypatch.setattr("click.confirm", lambda *_, answer=answer, **__: answer)
        assert krakend_tui("restore", "--to", "1").code == 0
        assert config.read_text() == f'{{"version": {expected}}}\n'


def test_a_deleted_config_comes_back(krakend_tui, config: Path) -> None:
    config.unlink()
    assert "does not exist any more" in krakend_tui("restore", config).out
    assert krakend_tui("restore", "--to", "1", "--yes", config).code == 0
    assert config.read_text() == '{"version": 2}\n'


def test_what_was_never_saved_has_no_versions(krakend_tui, config: Path) -> None:
    config.with_name("other.json").write_text("{}")
    outcome = krakend_tui("restore", "other.json")
    assert outcome.code == 0
    assert "No version" in outcome.out
    assert krakend_tui("restore", "missing.json").code == 3
    outcome = krakend_tui("restore", "--to", "7", "--yes", "krakend.json")
    assert outcome.code == 2
    assert "no version 7" in outcome.err


def test_hostile_text_is_shown_harmlessly(krakend_tui, config: Path) -> None:
    config.write_bytes(b'{"a": "\x1b]52;c;eA==\x07\xff"}\n')
    outcome = krakend_tui("restore", "--to", "1", "--yes")
    assert outcome.code == 0
    assert "\x1b" not in outcome.out
    assert "\x07" not in outcome.out
