"""What is the same for every command: finding it, errors, streams."""

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tui import __version__
from tui.cli import commands, main
from tui.errors import KrakendTuiError
from tui.storage import read


def _krakend_tui(*arguments: str, **options) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tui", *arguments],
        text=True,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        **options,
    )


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[tuple]:
    """What would be opened in the editor; the terminal is pretended."""
    calls: list[tuple] = []

    def run_app(session, *, demo: bool) -> int:
        calls.append((session.path, session.options, demo))
        return 0

    monkeypatch.setattr(commands, "is_interactive", lambda: True)
    monkeypatch.setattr(commands, "_run_app", run_app)
    return calls


@pytest.mark.parametrize("name", ["krakend.json", "./check", "./demo", "./scan", "chek", "open"])
def test_a_first_word_that_is_no_command_is_the_config(
    krakend_tui, here: Path, opened, name: str
) -> None:
    (here / name).write_text("{}")
    for arguments in ((name,), ("--workdir", ".", name), (name, "--workdir", ".")):
        assert krakend_tui(*arguments).code == 0
    assert [config for config, _, _ in opened] == [Path(name)] * 3


def test_options_before_and_after_the_config(krakend_tui, here: Path, opened) -> None:
    (here / "k.json").write_text("{}")
    (here / "w").mkdir()
    krakend_tui("--plugins", "p", "--krakend", "2.12.0", "k.json", "--workdir", "w")
    (_, options, demo) = opened[0]
    assert options.workdir == str(here / "w")
    assert options.plugins_override == str(here / "p")
    assert options.target.release == "2.12.0"
    assert not demo


def test_without_a_config_the_one_here_is_opened(krakend_tui, here: Path, opened) -> None:
    (here / "krakend.json").write_text("{}")
    assert krakend_tui().code == 0
    assert krakend_tui("--krakend", "2.12").code == 0
    assert [config for config, _, _ in opened] == [Path("krakend.json")] * 2


def test_without_any_config_the_demo_is_offered(
    krakend_tui, here: Path, opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    if os.path.lexists("/etc/krakend/krakend.json"):
        pytest.skip("NOT TESTED HERE: this machine has /etc/krakend/krakend.json")
    monkeypatch.setattr("click.confirm", lambda *_, **__: True)
    outcome = krakend_tui()
    (config, options, demo) = opened[0]
    assert demo
    assert config.read_bytes()
    assert options.workdir == str(config.parent)
    assert str(config.parent) in outcome.out

    monkeypatch.setattr("click.confirm", lambda *_, **__: False)
    assert krakend_tui().code == 2
    assert len(opened) == 1


def test_demo_says_where_the_sandbox_is(krakend_tui, here: Path, opened) -> None:
    outcome = krakend_tui("demo", "--krakend", "2.12")
    (config, options, demo) = opened[0]
    assert demo
    assert options.target.release.startswith("2.12.")
    assert options.workdir == str(config.parent)
    assert (config.parent / "plugins").is_dir()
    assert str(config.parent) in outcome.out
    assert config.parent.stat().st_mode & 0o077 == 0


def test_a_command_spelt_wrong_is_recognised(krakend_tui, here: Path, opened) -> None:
    outcome = krakend_tui("chekc")
    assert outcome.code == 3
    assert "chekc does not exist" in outcome.err
    assert "krakend-tui check" in outcome.err
    assert not opened


def test_the_editor_needs_a_terminal(tmp_path: Path) -> None:
    (tmp_path / "k.json").write_text("{}")
    done = _krakend_tui("k.json", cwd=tmp_path)
    assert done.returncode == 2
    assert "terminal" in done.stderr
    assert "krakend-tui check k.json" in done.stderr
    for arguments in ((), ("demo",)):
        done = _krakend_tui(*arguments, cwd=tmp_path)
        assert done.returncode == 2
        assert done.stderr.startswith("krakend-tui: error: ")


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "--bogus"),
        ("check", "--format", "xml", "k.json"),
        ("check", "--fail-on", "never", "k.json"),
        ("--krakend", "9.9", "check", "k.json"),
        ("--krakend", "\x1b[31m", "check", "k.json"),
        ("--workdir", "missing", "check", "k.json"),
        ("--workdir",),
        ("check",),
        ("k.json", "second.json"),
        ("\x1b[31m", "\x1b]0;title\x07"),
    ],
)
def test_usage_errors_are_two_lines_with_a_next_step(krakend_tui, here: Path, arguments) -> None:
    (here / "k.json").write_text("{}")
    outcome = krakend_tui(*arguments)
    assert outcome.code == 2
    first, second = outcome.err.splitlines()
    assert first.startswith("krakend-tui: error: ")
    assert second.startswith("    ")
    assert outcome.out == ""
    assert "\x1b" not in outcome.err


def test_a_current_folder_that_is_gone(krakend_tui, tmp_path: Path, monkeypatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    outcome = krakend_tui("check", "/etc/hostname")
    assert outcome.code == 2
    assert "--workdir" in outcome.err


def test_help_teaches_and_version_is_said(krakend_tui) -> None:
    outcome = krakend_tui("--help")
    assert outcome.code == 0
    assert "krakend-tui check krakend.json" in outcome.out
    for command in ("check", "scan", "demo"):
        assert krakend_tui(command, "-h").out.startswith(f"Usage: krakend-tui {command} ")
    assert krakend_tui("--version").out == f"krakend-tui {__version__}\n"


def test_a_bug_is_one_line_and_a_traceback_only_with_debug(
    krakend_tui, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "k.json").write_text("{}")

    def fail(*_: object) -> None:
        raise RuntimeError("odd \x1b[31m")

    monkeypatch.setattr("tui.workspace.analyser.Analyser.analyse", fail)
    outcome = krakend_tui("check", "k.json")
    assert outcome.code == 70
    assert "RuntimeError: odd" in outcome.err
    assert "Traceback" not in outcome.err
    assert "--debug" in outcome.err
    debug = krakend_tui("check", "k.json", "--debug")
    assert "Traceback" in debug.err
    assert "\x1b" not in debug.err + outcome.err


def test_an_interrupt_is_no_traceback(
    krakend_tui, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "k.json").write_text("{}")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tui.workspace.analyser.Analyser.analyse", interrupt)
    outcome = krakend_tui("check", "k.json")
    assert outcome.code == 130
    assert "Traceback" not in outcome.err


def test_errors_of_the_app_come_out_in_words(krakend_tui, here: Path, opened, monkeypatch) -> None:
    (here / "k.json").write_text("{}")

    def refuse(*_: object, **__: object) -> int:
        raise KrakendTuiError("it cannot be", "Do this.")

    monkeypatch.setattr(commands, "_run_app", refuse)
    outcome = krakend_tui("k.json")
    assert outcome.err == "krakend-tui: error: it cannot be\n    Do this.\n"


def test_check_and_scan_never_load_textual(tmp_path: Path) -> None:
    from tui.demo.sandbox import make_sandbox

    config = make_sandbox(tmp_path)
    script = """
import sys
from tui.cli.main import run
run(["check", sys.argv[1]])
run(["scan", "--format=json", sys.argv[1]])
loaded = {name.partition(".")[0] for name in sys.modules}
assert "tui" in loaded
assert not loaded & {"textual", "rich", "watchfiles"}, loaded
"""
    subprocess.run(
        [sys.executable, "-c", script, str(config)], check=True, stdout=subprocess.DEVNULL
    )


ONE_CHECK = """
import atexit, gc, sys

def report():
    print(*sys.modules)
    print(sum(generation["collections"] for generation in gc.get_stats()) - before)

atexit.register(report)
from tui.__main__ import main
sys.argv[1:] = ["check", sys.argv[1]]
before = sum(generation["collections"] for generation in gc.get_stats())
main()
"""


def test_a_check_loads_what_it_needs_and_collects_nothing(tmp_path: Path) -> None:
    config = tmp_path / "krakend.json"
    plugins = f"{tmp_path}/plugins/"
    Path(plugins).mkdir()
    block = {"pattern": ".so", "folder": plugins}
    config.write_text(json.dumps({"version": 3, "plugin": block}))
    ended = subprocess.run(
        [sys.executable, "-c", ONE_CHECK, str(config)], capture_output=True, text=True
    )
    assert "[plugin-folder-empty]" in ended.stdout
    *_, loaded, collections = ended.stdout.splitlines()
    assert "tui.krakend.rules.table" in loaded.split()
    assert not set(loaded.split()) & {
        *("jsonschema", "traceback", "difflib", "shutil", "tree_sitter"),
        *("tui.which", "tui.document.mend", "tui.storage.save", "tui.schema.official"),
        *("tui.cli.reporters.json", "tui.cli.reporters.sarif", "tui.cli.reporters.versions"),
    }
    assert collections == "0"


def test_the_config_to_edit_is_read_once(krakend_tui, here: Path, opened, monkeypatch) -> None:
    reads: list[int] = []
    read_all = read._read_all
    monkeypatch.setattr(read, "_read_all", lambda *got: reads.append(1) or read_all(*got))
    (here / "k.json").write_text("{}")
    assert krakend_tui("k.json").code == 0
    assert len(reads) == 1


def test_a_reader_that_goes_away_is_no_traceback(tmp_path: Path) -> None:
    for number in range(3000):
        (tmp_path / f"{number:04}-{'x' * 100}.so").touch()
    with subprocess.Popen(
        [sys.executable, "-m", "tui", "scan", "--folder", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        errors = process.stderr.read()
        assert process.wait() == 128 + signal.SIGPIPE
    assert errors == b""


def _on_a_terminal(folder: Path, environ: dict[str, str]) -> bytes:
    terminal, end = pty.openpty()
    base = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    process = subprocess.Popen(
        [sys.executable, "-m", "tui", "check", "krakend.json"],
        cwd=folder,
        stdin=end,
        stdout=end,
        stderr=end,
        env={**base, "TERM": "xterm", **environ},
    )
    os.close(end)
    output = b""
    while True:
        try:
            chunk = os.read(terminal, 65536)
        except OSError:
            break
        if not chunk:
            break
        output += chunk
    process.wait()
    os.close(terminal)
    return output


def test_colour_only_on_a_terminal_and_not_against_no_color(sandbox: Path) -> None:
    folder = sandbox.parent
    assert b"\x1b[" in _on_a_terminal(folder, {})
    assert b"\x1b[" in _on_a_terminal(folder, {"NO_COLOR": ""})
    assert b"\x1b[" not in _on_a_terminal(folder, {"NO_COLOR": "1"})
    assert b"\x1b[" not in _on_a_terminal(folder, {"TERM": "dumb"})
    assert "\x1b" not in _krakend_tui("check", "krakend.json", cwd=folder).stdout


def test_a_terminal_that_knows_ascii_only_gets_everything(tmp_path: Path) -> None:
    (tmp_path / "k.json").write_text('{"version": 3, "pl\u00fcgin": {}, "plugin/\u00fc": 1,}')
    done = _krakend_tui(
        "check",
        "k\u00fc.json",
        "k.json",
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert "k.json:1:" in done.stdout


@pytest.mark.parametrize(
    ("command", "code"), [("check k.json", 1), ("scan --folder .", 0), ("k.json", 2)]
)
def test_closed_streams_are_no_reason_to_fail(tmp_path: Path, command: str, code: int) -> None:
    (tmp_path / "k.json").write_text('{"version": 2}')
    for closed in (">&-", "2>&-", "<&- >&- 2>&-"):
        line = f"{sys.executable} -m tui {command} {closed}"
        done = subprocess.run(["sh", "-c", line], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == code, (closed, done.stderr)
        assert "Traceback" not in done.stderr


def test_the_boundary_returns_plain_numbers() -> None:
    assert main.run(["--version"]) == 0
