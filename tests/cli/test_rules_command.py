import json
import subprocess
import sys

from tui.krakend.rules.table import RULES


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tui", "rules", *arguments]
    return subprocess.run(command, capture_output=True, text=True)


def test_every_rule_is_listed_once() -> None:
    lines = run().stdout.splitlines()
    assert [line.split()[0] for line in lines] == [rule.id for rule in RULES]
    assert len({rule.id for rule in RULES}) == len(RULES)


def test_one_rule_is_explained() -> None:
    found = run("plugin-name-unregistered")
    assert found.returncode == 0
    for word in ("bad:", "good:", "source:"):
        assert word in found.stdout


def test_an_unknown_rule_names_the_close_ones() -> None:
    found = run("plugin-name-unregisterd")
    assert found.returncode == 2
    assert "plugin-name-unregistered" in found.stderr


def test_the_json_has_everything() -> None:
    rules = json.loads(run("--format", "json").stdout)["rules"]
    assert all(value for rule in rules for key, value in rule.items() if key != "fix")
    assert any(rule["fix"] for rule in rules)
    assert len(rules) == len(RULES)
