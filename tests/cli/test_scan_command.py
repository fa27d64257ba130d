import base64
import os
from pathlib import Path

import pytest


def _entries(outcome) -> dict[str, dict]:
    return {entry["name"]: entry for entry in outcome.json["entries"]}


def test_json_has_the_promised_shape(krakend_tui, sandbox: Path) -> None:
    outcome = krakend_tui("scan", "--format", "json", sandbox)
    report = outcome.json
    assert outcome.code == 0
    assert report.keys() == {"schema_version", "folder", "pattern", "entries"}
    assert report["folder"] == {"path": str(sandbox.parent / "plugins"), "status": "ok"}
    assert report["pattern"] == ".so"
    for entry in report["entries"]:
        assert entry.keys() == {
            "name",
            "kind",
            "link_target",
            "matches",
            "spans",
            "order",
            "reason",
            "registerers",
        }
    entries = _entries(outcome)
    assert entries["README.md"]["matches"] is False
    assert entries["README.md"]["order"] is None
    assert entries["README.md"]["reason"]
    assert entries["auth.so"]["spans"] == [[4, 7]]
    assert entries["auth.so"]["order"] == 0
    assert entries["auth.so"]["registerers"] == [
        {"type": "http-server", "name": "shop-auth", "certainty": "exact"}
    ]
    assert entries["client.so"]["kind"] == "symlink"
    assert entries["client.so"]["link_target"] == "client-1.4.2.so"
    orders = [entry["order"] for entry in report["entries"] if entry["order"] is not None]
    assert orders == list(range(len(orders)))


def test_a_folder_and_a_pattern_need_no_config(krakend_tui, sandbox: Path) -> None:
    outcome = krakend_tui("scan", "--format=json", "--folder", "plugins", "--pattern", "mask")
    assert outcome.code == 0
    assert outcome.json["pattern"] == "mask"
    loaded = [entry["name"] for entry in outcome.json["entries"] if entry["order"] is not None]
    assert loaded == ["mask-card.so"]


def test_without_a_pattern_everything_but_folders_loads(krakend_tui, sandbox: Path) -> None:
    outcome = krakend_tui("scan", "--format=json", "--folder", "plugins")
    left_out = [entry["name"] for entry in outcome.json["entries"] if entry["order"] is None]
    assert left_out == ["old"]


def test_a_relative_folder_starts_from_the_working_directory(krakend_tui, sandbox: Path) -> None:
    os.chdir("/")
    outcome = krakend_tui(
        "--workdir", sandbox.parent, "scan", "--format=json", "--folder", "plugins"
    )
    assert outcome.json["folder"]["path"] == str(sandbox.parent / "plugins")


def test_names_of_any_bytes(krakend_tui, here: Path) -> None:
    folder = here / "plugins"
    folder.mkdir()
    names = [b"\xff\xfe-\xc3\xbc.so", "\U0001f98a.so".encode(), b"a\nb.so", b"\x1b[31mred.so"]
    for name in names:
        with open(os.path.join(os.fsencode(folder), name), "wb"):
            pass
    os.symlink(b"\xff", os.path.join(os.fsencode(folder), b"link.so"))

    outcome = krakend_tui("scan", "--format=json", "--folder", "plugins", "--pattern", ".so")

    entries = _entries(outcome)
    odd = entries["\ufffd\ufffd-\u00fc.so"]
    assert base64.b64decode(odd["name_bytes"]) == names[0]
    assert odd["spans"] == [[4, 7]]
    assert entries["\U0001f98a.so"]["spans"] == [[1, 4]]
    assert entries["link.so"]["link_target"] == "\ufffd"
    assert entries["link.so"]["kind"] == "symlink"
    assert [name for name, entry in entries.items() if "name_bytes" in entry] == [odd["name"]]
    text = krakend_tui("scan", "--folder", "plugins", "--pattern", ".so").out
    assert "\x1b" not in text
    assert len(text.splitlines()) == 1 + len(entries)


def test_what_is_no_file_is_listed_and_never_blocks(krakend_tui, here: Path) -> None:
    folder = here / "plugins"
    folder.mkdir()
    os.mkfifo(folder / "a.so")
    (folder / "b.so").symlink_to("nowhere")
    (folder / "c.so").symlink_to("a.so")
    (folder / "d.so").symlink_to("/dev/zero")
    with open(folder / "e.so", "wb") as file:
        file.truncate(4 << 30)
    entries = _entries(krakend_tui("scan", "--format=json", "--folder", "plugins"))
    assert [entry["order"] for entry in entries.values()] == [0, 1, 2, 3, 4]
    assert "fifo" in entries["a.so"]["reason"]
    assert "nowhere" in entries["b.so"]["reason"]
    assert "fifo" in entries["c.so"]["reason"]
    assert "device" in entries["d.so"]["reason"]
    assert "too large" in entries["e.so"]["reason"]
    assert {len(entry["registerers"]) for entry in entries.values()} == {0}


@pytest.mark.parametrize(
    ("text", "status", "code"),
    [
        ('{"version": 3}', "unchecked", 0),
        ('{"plugin": {"folder": "none", "pattern": ""}}', "absent", 3),
        ('{"plugin": {"folder": "k.json", "pattern": ""}}', "not-a-folder", 3),
    ],
)
def test_a_folder_that_cannot_be_listed(
    krakend_tui, here: Path, text: str, status: str, code: int
) -> None:
    (here / "k.json").write_text(text)
    outcome = krakend_tui("scan", "--format=json", "k.json")
    assert outcome.json["folder"]["status"] == status
    assert outcome.json["entries"] == []
    assert outcome.code == code
    shown = krakend_tui("scan", "k.json")
    assert shown.code == code
    assert shown.out.startswith("KrakenD loads no plugin: ")


def test_with_plugins_but_no_plugin_block_nothing_loads(krakend_tui, sandbox: Path) -> None:
    (sandbox.parent / "k.json").write_text('{"version": 3}')
    outcome = krakend_tui("scan", "--format=json", "--plugins", "plugins", "k.json")
    assert outcome.json["pattern"] is None
    assert outcome.json["entries"]
    assert {entry["order"] for entry in outcome.json["entries"]} == {None}
    assert all("plugin block" in entry["reason"] for entry in outcome.json["entries"])


def test_a_broken_config_is_said_with_its_place(krakend_tui, here: Path) -> None:
    (here / "k.json").write_text('{"plugin":\n {"pattern": ".so",}}')
    outcome = krakend_tui("scan", "k.json")
    assert outcome.code == 3
    assert "k.json:2:19:" in outcome.err
    assert "--folder" in outcome.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("--pattern", "x"),
        ("--folder", ".", "k.json"),
        ("--folder", ".", "--plugins", "."),
        ("a", "b"),
    ],
)
def test_what_does_not_go_together_is_a_usage_error(krakend_tui, here: Path, arguments) -> None:
    outcome = krakend_tui("scan", *arguments)
    assert outcome.code == 2
    assert outcome.err.startswith("krakend-tui: error: ")
    assert outcome.err.count("\n") == 2
