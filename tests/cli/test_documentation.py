"""What docs/ and the pre-commit hooks say is so."""

import re
import shlex
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
HOOKS = (CHECKOUT / ".pre-commit-hooks.yaml").read_text()


def test_the_page_of_rules_is_what_make_docs_writes(krakend_tui) -> None:
    assert krakend_tui("rules", "--format", "markdown").out == (
        CHECKOUT / "docs" / "rules.md"
    ).read_text("utf-8"), "run: make docs"


@pytest.mark.parametrize("entry", re.findall(r"^  entry: krakend-tui (.*)$", HOOKS, re.MULTILINE))
def test_the_hooks_are_commands_that_take_several_files(
    krakend_tui, here: Path, entry: str
) -> None:
    for name in ("a.json", "b.json"):
        (here / name).write_text('{"version": "3"}')
    assert krakend_tui(*shlex.split(entry), "a.json", "b.json").code == 0


def test_the_commands_of_the_ci_page_are_known(krakend_tui, here: Path) -> None:
    (here / "krakend.json").write_text('{"version": 3}')
    (here / "out.json").write_text('{"version": 3}')
    page = (CHECKOUT / "docs" / "ci.md").read_text()
    commands = re.findall(r"^\s*(?:- run: |- )?krakend-tui (check .*\.json)(?: >.*)?$", page, re.M)
    assert len(commands) == 4
    for command in commands:
        assert krakend_tui(*shlex.split(command)).code == 0


def test_the_options_that_the_pages_name_exist(krakend_tui) -> None:
    known = krakend_tui("check", "--help").out
    pages = (CHECKOUT / "docs" / "ci.md").read_text()
    named = set(re.findall(r"`(--[a-z-]+)", pages))
    assert {"--fail-on", "--ignore", "--plugins", "--schema", "--workdir"} <= named
    assert all(option in known for option in named)
