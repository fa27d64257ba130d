"""`deps`, `gosum` and `build-command`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from golang.workshop import OLD, SHARED, Workshop

from tui.krakend.releases import modules_of

Run = Callable[..., Any]


def test_a_release(krakend_tui: Run) -> None:
    report = krakend_tui("deps", "2.13.8", "--format", "json").json
    assert (report["schema_version"], report["target"]) == (1, "ce-2.13.8")
    assert report["go"] == "1.25.12"
    assert report["platforms"] == ["linux/amd64", "linux/arm64"]
    assert report["modules"] == dict(modules_of("2.13.8"))
    assert report["modules"]["golang.org/x/mod"] == "v0.35.0"


def test_a_binary(krakend_tui: Run, workshop: Workshop) -> None:
    report = krakend_tui("deps", workshop.program(), "--format", "json").json
    assert (report["go"], report["modules"]) == (workshop.go, {SHARED: OLD})
    assert report["platforms"] == ["linux/amd64"]
    assert "not KrakenD" in report["target_note"]


def test_some_modules(krakend_tui: Run) -> None:
    arguments = ("deps", "2.13.8", "golang.org/x/mod", "lura", "example.com/none")
    assert krakend_tui(*arguments, "--format", "json").json["modules"] == {
        "golang.org/x/mod": "v0.35.0",
        "github.com/luraproject/lura/v2": modules_of("2.13.8")["github.com/luraproject/lura/v2"],
        "example.com/none": None,
    }
    assert "example.com/none (not there)\n" in krakend_tui(*arguments).out


def test_require_lines_are_what_go_mod_takes(
    krakend_tui: Run, workshop: Workshop, tmp_path: Path
) -> None:
    lines = krakend_tui("deps", "2.13.8", "golang.org/x/mod", "--format", "go.mod").out
    (tmp_path / "go.mod").write_text(f"module example.com/p\n\ngo 1.21\n\n{lines}")
    done = workshop.builder.toolchain.run("mod", "edit", "-json", cwd=tmp_path)
    assert '"Path": "golang.org/x/mod"' in done.stdout
    assert '"Version": "v0.35.0"' in done.stdout


def test_what_changed_between_two_releases(krakend_tui: Run) -> None:
    report = krakend_tui("deps", "2.13.8", "--since", "2.0.0", "--format", "json").json
    old, new, since = modules_of("2.0.0"), modules_of("2.13.8"), report["since"]
    assert (since["target"], since["go"]) == ("ce-2.0.0", "1.17.8")
    rebuilt = dict(old)
    for path in since["removed"]:
        del rebuilt[path]
    rebuilt.update(since["added"])
    for path, change in since["changed"].items():
        assert rebuilt[path] == change["from"]
        rebuilt[path] = change["to"]
    assert rebuilt == new
    outcome = krakend_tui("deps", "2.13.8", "--since", "2.13.7")
    assert "every plugin must be rebuilt" in outcome.out


def test_enterprise_has_no_public_list(krakend_tui: Run) -> None:
    assert krakend_tui("deps", "ee-2.13", "--format", "json").json["modules"] is None
    assert "not public" in krakend_tui("deps", "ee-2.13").out


def test_an_unknown_release_names_close_ones(krakend_tui: Run) -> None:
    outcome = krakend_tui("deps", "2.13.99")
    assert outcome.code == 2
    assert "2.13.8" in outcome.err


@pytest.fixture
def go_sum(here: Path) -> Path:
    (here / "go.sum").write_text(
        "golang.org/x/mod v0.6.0 h1:x=\n"
        "golang.org/x/mod v0.6.10/go.mod h1:x=\n"
        "github.com/google/uuid v1.5.0 h1:x=\n"
        "example.com/own v1.0.0 h1:x=\n"
    )
    (here / "go.mod").write_text(
        "module example.com/p\n\nrequire (\n"
        "\tgithub.com/google/uuid v1.5.0\n"
        "\tgolang.org/x/mod v0.6.10 // indirect\n)\n"
    )
    return here / "go.sum"


def test_go_sum_against_a_release(krakend_tui: Run, go_sum: Path) -> None:
    uuid = modules_of("2.13.8")["github.com/google/uuid"]
    outcome = krakend_tui("gosum", "--krakend", "2.13.8")
    assert outcome.code == 1
    assert outcome.out.splitlines()[:-1] == [
        "github.com/google/uuid  (direct)",
        "\thave: v1.5.0",
        f"\twant: {uuid}",
        "golang.org/x/mod  (indirect)",
        "\thave: v0.6.10",
        "\twant: v0.35.0",
    ]
    assert outcome.out.splitlines()[-1].startswith("2 incompatibilities found")
    report = krakend_tui("gosum", go_sum, "--krakend", "2.13.8", "--format", "json").json
    assert [row["indirect"] for row in report["incompatibilities"]] == [False, True]
    fixed = krakend_tui("gosum", "--krakend", "2.13.8", "--fix")
    assert fixed.code == 1
    assert fixed.out.splitlines() == report["commands"]
    assert fixed.out.splitlines() == [
        f"go get github.com/google/uuid@{uuid}",
        "go mod edit --replace golang.org/x/mod=golang.org/x/mod@v0.35.0",
        "go mod tidy",
    ]


def test_go_sum_with_the_right_versions(krakend_tui: Run, here: Path) -> None:
    (here / "go.sum").write_text("golang.org/x/mod v0.35.0 h1:x=\n")
    outcome = krakend_tui("gosum", "--krakend", "2.13.8", "--libc", "musl", "--go", "1.25.12")
    assert outcome.code == 0
    assert outcome.out.startswith("No incompatibilities found!")
    outcome = krakend_tui("gosum", "--krakend", "2.13.8", "--go", "1.25.11")
    assert outcome.code == 1
    assert outcome.out.startswith("go\n\thave: 1.25.11\n\twant: 1.25.12\n")


def test_the_binary_tells_the_c_library(krakend_tui: Run, here: Path, workshop: Workshop) -> None:
    (here / "go.sum").write_text("example.com/own v1.0.0 h1:x=\n")
    program = workshop.program()
    assert krakend_tui("gosum", "--krakend", program).code == 0
    assert krakend_tui("gosum", "--krakend", program, "--libc", "GLIBC-2.36").code == 0
    outcome = krakend_tui("gosum", "--krakend", program, "--libc", "MUSL-1.2.5_(alpine-3.23.3)")
    assert outcome.out.startswith("libc\n\thave: MUSL-1.2.5_(alpine-3.23.3)\n\twant: glibc\n")
    assert krakend_tui("gosum", "--krakend", program, "--libc", "uclibc").code == 2


def test_modules_that_are_not_public(krakend_tui: Run, go_sum: Path) -> None:
    outcome = krakend_tui("gosum", "--krakend", "ee-2.13", "--format", "json")
    assert (outcome.code, outcome.json["compared"]) == (0, None)
    assert "not public" in outcome.err


def test_no_go_sum(krakend_tui: Run, here: Path) -> None:
    outcome = krakend_tui("gosum", "--krakend", "2.13.8")
    assert outcome.code == 3
    assert "has no go.sum" in outcome.err


def test_build_commands(krakend_tui: Run) -> None:
    both = krakend_tui("build-command", "--krakend", "2.13.8", "--format", "json").json["commands"]
    alpine, generic, plain = (row["command"] for row in both)
    assert " krakend/builder:2.13.8 go build -buildmode=plugin -o yourplugin.so ." in alpine
    assert " krakend/builder:2.13.8-linux-generic go build " in generic
    assert plain == (
        "GOTOOLCHAIN=go1.25.12 CGO_ENABLED=1 go build -buildmode=plugin -o yourplugin.so ."
    )
    (musl, _) = krakend_tui(
        *("build-command", "--krakend", "2.13", "--libc", "musl", "--arch", "arm64"),
        *("-o", "my plugin.so", "--format", "json"),
    ).json["commands"]
    assert "-e CC=aarch64-linux-musl-gcc -e GOARCH=arm64 -e GOHOSTARCH=amd64" in musl["command"]
    assert "-o 'my plugin.so' ." in musl["command"]
    enterprise = krakend_tui("build-command", "--krakend", "ee-2.13").out
    assert " krakend/builder-ee:2.13 go build" in enterprise
    assert krakend_tui("build-command", "--krakend", "ce-3.0").code == 2


def test_the_plain_build_command_builds_what_the_program_loads(
    krakend_tui: Run, workshop: Workshop
) -> None:
    program = workshop.program("-trimpath")
    (row,) = krakend_tui("build-command", "--krakend", program, "--format", "json").json["commands"]
    assert row["command"] == (
        f"GOTOOLCHAIN=go{workshop.go} CGO_ENABLED=1 go build -buildmode=plugin -trimpath "
        "-o yourplugin.so ."
    )
