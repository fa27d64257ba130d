"""check --format sarif and github, --select and --ignore, --schema."""

import json
import re
from pathlib import Path

import jsonschema
import pytest

from tui.krakend.rules.table import RULES

SARIF = json.loads((Path(__file__).parent / "sarif-2.1.0.schema.json").read_text())
STEERING = '{"version": 2, "plugin": {"pattern": "\x7f%0A::error::", "\\u001b[31m,:": 1}}'


def sarif(outcome) -> dict:
    jsonschema.validate(outcome.json, SARIF)
    (run,) = outcome.json["runs"]
    return run


def test_sarif_says_what_json_says(krakend_tui, sandbox: Path) -> None:
    run = sarif(krakend_tui("check", "--format", "sarif", sandbox))
    (file,) = krakend_tui("check", "--format", "json", sandbox).json["files"]
    levels = {"error": "error", "warning": "warning", "info": "note"}
    assert file["diagnostics"]
    for result, diagnostic in zip(run["results"], file["diagnostics"], strict=True):
        assert result["ruleId"] == diagnostic["rule"]
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == diagnostic["rule"]
        assert result["level"] == levels[diagnostic["severity"]]
        assert result["message"]["text"] == diagnostic["message"]
        (location,) = result["locations"]
        assert location["physicalLocation"]["region"] == {
            "startLine": diagnostic["line"],
            "startColumn": diagnostic["column"],
            "endLine": diagnostic["end_line"],
            "endColumn": diagnostic["end_column"],
        }
        assert location["physicalLocation"]["artifactLocation"]["uri"] == sandbox.as_uri()
        (logical,) = location["logicalLocations"]
        assert logical["fullyQualifiedName"] == diagnostic["pointer"]
        fixes = [
            {
                "title": fix["description"]["text"],
                "edits": [
                    {
                        "offset": replacement["deletedRegion"]["byteOffset"],
                        "length": replacement["deletedRegion"]["byteLength"],
                        "text": replacement["insertedContent"]["text"],
                    }
                    for change in fix["artifactChanges"]
                    for replacement in change["replacements"]
                ],
            }
            for fix in result.get("fixes", [])
        ]
        assert fixes == diagnostic["fixes"]


def test_sarif_has_every_rule(krakend_tui, sandbox: Path) -> None:
    rules = sarif(krakend_tui("check", "--format", "sarif", sandbox))["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [rule.id for rule in RULES]


def test_sarif_of_files_that_are_odd_or_missing(krakend_tui, here: Path) -> None:
    (here / "a b:c%.json").write_text(STEERING)
    run = sarif(krakend_tui("check", "--format", "sarif", "a b:c%.json", "no.json"))
    assert {
        r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in run["results"]
    } == {"a%20b%3Ac%25.json"}
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    (notification,) = invocation["toolExecutionNotifications"]
    assert notification["descriptor"]["id"] == "missing"


def test_github_annotates_the_lines(krakend_tui, sandbox: Path, monkeypatch) -> None:
    monkeypatch.chdir(sandbox.parent)
    lines = krakend_tui("check", "--format", "github", sandbox.name).out.splitlines()
    (file,) = krakend_tui("check", "--format", "json", sandbox.name).json["files"]
    words = {"error": "error", "warning": "warning", "info": "notice"}
    for line, diagnostic in zip(lines, file["diagnostics"], strict=True):
        match = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", line)
        assert match
        assert match[1] == words[diagnostic["severity"]]
        properties = dict(part.split("=") for part in match[2].split(","))
        assert properties["file"] == sandbox.name
        assert properties["line"] == str(diagnostic["line"])
        assert properties["title"] == diagnostic["rule"]
        assert match[3].replace("%25", "%") == diagnostic["message"]


def test_github_commands_cannot_be_smuggled_in(krakend_tui, here: Path) -> None:
    name = "x,line=1::y%.json"
    (here / name).write_text(STEERING)
    outcome = krakend_tui("check", "--format", "github", name, "no\n::error::.json")
    for line in outcome.out.splitlines():
        assert re.fullmatch(r"::(error|warning|notice) file=[^:]*::.*", line)
        assert "\x1b" not in line
        assert "%0A" not in line
    assert "file=x%2Cline=1%3A%3Ay%25.json," in outcome.out
    assert outcome.code == 3


def test_select_and_ignore(krakend_tui, sandbox: Path) -> None:
    def rules(*options: str) -> set[str]:
        outcome = krakend_tui("check", "--format", "json", *options, sandbox)
        return {d["rule"] for d in outcome.json["files"][0]["diagnostics"]}

    everything = rules()
    one, two, *_ = sorted(everything)
    assert rules("--select", one) == {one}
    assert rules("--select", f"{one}, {two}") == {one, two}
    assert rules("--select", one, "--select", two) == {one, two}
    assert rules("--ignore", one) == everything - {one}
    assert rules("--select", f"{one},{two}", "--ignore", one) == {two}


def test_what_is_ignored_does_not_fail_the_run(krakend_tui, here: Path) -> None:
    (here / "k.json").write_text('{"version": 2}')
    assert krakend_tui("check", "k.json").code == 1
    assert krakend_tui("check", "--ignore", "config-version", "k.json").code == 0
    assert krakend_tui("check", "--select", "plugin-unused", "k.json").code == 0


def test_a_text_that_is_no_json_is_told_unless_that_is_ignored(krakend_tui, here: Path) -> None:
    (here / "k.json").write_text("{")
    assert krakend_tui("check", "--select", "plugin-unused", "k.json").code == 1
    assert krakend_tui("check", "--ignore", "json-syntax", "k.json").code == 0


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_an_unknown_rule_is_named_with_a_close_one(krakend_tui, sandbox: Path, option: str) -> None:
    outcome = krakend_tui("check", option, "plugin-unusd", sandbox)
    assert outcome.code == 2
    assert "plugin-unused" in outcome.err


SCHEMA = {"properties": {"timeout": {"type": "string"}, "version": {"const": 3}}}


def test_the_schema_speaks_where_no_rule_does(krakend_tui, here: Path) -> None:
    (here / "k.json").write_text('{"version": 2, "timeout": 3}')
    (here / "s.json").write_text(json.dumps(SCHEMA))
    outcome = krakend_tui("check", "--format", "json", "--schema", "s.json", "k.json")
    found = {d["pointer"]: d["rule"] for d in outcome.json["files"][0]["diagnostics"]}
    assert found == {"/version": "config-version", "/timeout": "official-schema"}


@pytest.mark.parametrize(
    ("data", "code"), [(None, 3), (b"{", 2), (b'{"$ref": "https://example.org/s.json"}', 2)]
)
def test_a_schema_that_cannot_be_used(krakend_tui, here: Path, data, code: int) -> None:
    (here / "k.json").write_text('{"version": 3}')
    if data is not None:
        (here / "s.json").write_bytes(data)
    outcome = krakend_tui("check", "--schema", "s.json", "k.json")
    assert outcome.code == code
    assert "s.json" in outcome.err
    assert outcome.out == ""
