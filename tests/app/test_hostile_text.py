"""Nothing from a config, a folder, a plugin or a schema reaches the terminal raw: proved on the
bytes that the real program writes to a real PTY, and on the output of every command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from app.hostile import ATTACKS, raw_controls
from app.terminal import Terminal

from tui.demo.elf_writer import DemoPlugin, write_plugin
from tui.plugin.facts import PluginType

HOME = "\x1b]0;pwned\x07\u202e"


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    """A config with attacks in every place that is ever shown; its own name is one, too."""
    folder = tmp_path / f"shop{HOME}"
    plugins = folder / "plugins"
    plugins.mkdir(parents=True)
    endpoints = []
    for number, attack in enumerate(ATTACKS):
        name = attack.replace("/", "|").replace("\0", "")
        (plugins / f"{number:02}{name}.so").write_bytes(
            write_plugin(
                DemoPlugin(
                    path=f"example.com/{number}",
                    values={PluginType.SERVER: f"s{attack}", PluginType.MODIFIER: f"m{attack}"},
                    literals=(attack,),
                    go_version=f"go1.25.5{attack}" if number % 2 else "go1.25.5",
                )
            )
        )
        schema = {"title": attack, "description": attack, "type": "object", "required": [attack]}
        schema["properties"] = {attack: {"const": attack, "description": attack}}
        (plugins / f"s{name}.schema.json").write_text(json.dumps(schema, ensure_ascii=False))
        endpoints.append(
            {
                "endpoint": f"/{attack}",
                "method": attack,
                "backend": [{"host": [attack], "url_pattern": attack}],
                "extra_config": {
                    "plugin/req-resp-modifier": {"name": [f"m{attack}-request", attack]},
                    attack: {"name": attack},
                    f"plugin/{attack}": attack,
                },
            }
        )
    (plugins / f"link{HOME}").symlink_to(f"nowhere{HOME}")
    names = [f"s{attack}" for attack in ATTACKS]
    settings = {name: {attack: attack} for name in names for attack in ATTACKS[:3]}
    config: dict[str, Any] = {
        "version": 3,
        "$schema": HOME,
        "name": HOME,
        "plugin": {"pattern": "so", "folder": "./plugins/"},
        "endpoints": endpoints,
        "extra_config": {"plugin/http-server": {"name": names, **settings}},
    }
    path = folder / f"krakend{HOME}.json"
    # Escaped where JSON asks for it, raw elsewhere: DEL, C1 and bidi controls are legal in it.
    path.write_text(json.dumps(config, ensure_ascii=False, indent=2))
    return path


@pytest.fixture
def broken(trap: Path) -> Path:
    """The same with the controls themselves in it, which is no JSON."""
    text = trap.read_text()
    for attack in ATTACKS:
        text = text.replace(json.dumps(attack, ensure_ascii=False)[1:-1], attack)
    path = trap.with_name("broken.json")
    path.write_text(text, newline="")
    assert "\x1b]52" in path.read_text()
    return path


COMMANDS = {
    "check": ["check"],
    "check --format json": ["check", "--format", "json"],
    "check --format sarif": ["check", "--format", "sarif"],
    "check --format github": ["check", "--format", "github"],
    "check --diff": ["check", "--diff"],
    "scan": ["scan"],
    "scan --format json": ["scan", "--format", "json"],
    "restore": ["restore"],
    "--debug check": ["--debug", "check"],
}


def run(arguments: list[str], cwd: Path, tmp_path: Path) -> bytes:
    """What the command writes, into a pipe and onto a terminal."""
    environ = {
        **os.environ, "XDG_STATE_HOME": str(tmp_path / "state"), "HOME": str(tmp_path)
    }  # fmt: skip
    command = [sys.executable, "-m", "tui", *arguments]
    piped = subprocess.run(command, cwd=cwd, env=environ, capture_output=True)
    with Terminal(command, cwd=cwd, env={"HOME": str(tmp_path)}, columns=120) as terminal:
        assert terminal.wait_exit() == piped.returncode
        shown = terminal.raw
    assert b"internal error" not in piped.stderr + shown
    assert b"Traceback" not in piped.stderr + shown
    return piped.stdout + piped.stderr + shown


@pytest.mark.parametrize("name", COMMANDS)
def test_commands_write_no_control(name: str, trap: Path, broken: Path, tmp_path: Path) -> None:
    for path in (trap, broken):
        written = run([*COMMANDS[name], str(path)], trap.parent, tmp_path)
        assert b"pwned" in written
        assert raw_controls(written) == []


def test_inspect_and_wrong_arguments_write_no_control(trap: Path, tmp_path: Path) -> None:
    plugins = sorted((trap.parent / "plugins").glob("*.so"))
    written = run(["inspect", *map(str, plugins)], trap.parent, tmp_path)
    assert b"pwned" in written
    assert raw_controls(written) == []
    attack = "".join(ATTACKS).replace("\0", "")
    for arguments in (
        ["rules", attack],
        ["check", attack],
        [attack],
        ["--krakend", attack, "check", str(trap)],
        ["--workdir", attack, "check", str(trap)],
        ["check", f"--{attack}"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", "tui", *arguments], cwd=tmp_path, capture_output=True
        )
        assert done.returncode != 0
        assert raw_controls(done.stdout + done.stderr) == [], arguments


@pytest.mark.parametrize("which", ["trap", "broken"])
def test_the_screen_shows_no_control(
    which: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    path: Path = request.getfixturevalue(which)
    env = {"XDG_STATE_HOME": str(tmp_path / "state"), "HOME": str(tmp_path)}
    command = [sys.executable, "-m", "tui", str(path)]
    with Terminal(command, rows=50, columns=160, cwd=path.parent, env=env) as terminal:
        terminal.wait("krakend" if which == "trap" else "broken")
        terminal.wait("load")
        terminal.press(*(["f8"] if which == "broken" else []), "x")
        terminal.wait("●")
        for keys in (
            *(["f8"] for _ in range(6)),
            ["f1"], ["escape"], ["ctrl+f"], ["pwned"], ["escape"], ["ctrl+p"], ["escape"],
            ["tab"], ["tab"], ["down", "down"], ["enter"], ["escape"],
            ["tab"], ["end"], ["enter"], ["escape"],
            *(["tab"] for _ in range(6)),
            ["pagedown"], ["ctrl+s"], ["pagedown"], ["escape"],
        ):  # fmt: skip
            terminal.press(*keys)
            before = len(terminal.raw)
            terminal.wait(lambda before=before: len(terminal.raw) >= before)
        (path.parent / "plugins" / f"new{HOME}.so").touch()
        terminal.wait("new␛]0;pwned")
        path.write_text("[]")
        terminal.press("ctrl+s")
        terminal.wait("t theirs")
        terminal.press("escape", "ctrl+q")
        terminal.wait("d discard")
        terminal.press("d")
        assert terminal.wait_exit() == 0
    assert b"pwned" in terminal.raw
    assert raw_controls(terminal.raw) == []
