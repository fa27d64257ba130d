"""What is read of a program that opens plugins, from compiled ones."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from golang.workshop import OLD, SHARED, Workshop

from tui.krakend.target import target_of_program
from tui.plugin.inspect import inspect_plugin
from tui.plugin.program import NotAGoProgram, inspect_program

KRAKEND = "github.com/krakend/krakend-ce/v2"
LURA = "github.com/luraproject/lura/v2/core"
STAMPED = (
    f"-ldflags=-X {LURA}.KrakendVersion=2.12.1 -X {LURA}.GlibcVersion=MUSL-1.2.5_(alpine-3.21.0)"
)


def test_a_program_that_is_not_krakend(workshop: Workshop) -> None:
    program = inspect_program(workshop.program().read_bytes())
    assert (program.edition, program.release, program.opens_plugins) == (None, None, True)
    assert program.build.versions == {SHARED: OLD}
    assert program.build.go_version == f"go{workshop.go}"
    assert program.libc.family == "glibc"
    target = target_of_program(program, "/srv/gateway")
    assert (target.go, target.label) == (workshop.go, "the Go program gateway")
    assert "not KrakenD" in target.note


def test_krakend_says_its_release_in_its_linker_flags(workshop: Workshop) -> None:
    file = workshop.program(STAMPED, path=KRAKEND)
    program = inspect_program(file.read_bytes())
    assert (program.edition, program.release) == ("ce", "2.12.1")
    assert program.libc_release == "MUSL-1.2.5_(alpine-3.21.0)"
    target = target_of_program(program, str(file))
    assert (target.label, target.go, target.note) == ("KrakenD CE 2.12.1", workshop.go, "")


def test_a_krakend_of_no_stated_release(workshop: Workshop) -> None:
    program = inspect_program(workshop.program(path=KRAKEND).read_bytes())
    assert (program.edition, program.release) == ("ce", None)
    target = target_of_program(program, "/usr/bin/krakend")
    assert "does not say which release" in target.note
    assert target.is_krakend


def test_a_stripped_program_tells_the_same(workshop: Workshop, tmp_path: Path) -> None:
    stripped = tmp_path / "stripped"
    shutil.copy(workshop.program(), stripped)
    subprocess.run(["strip", str(stripped)], check=True)
    whole = inspect_program(workshop.program().read_bytes())
    assert inspect_program(stripped.read_bytes()) == whole
    assert len(whole.packages) > 100


def test_its_fingerprints_are_those_of_its_plugins(workshop: Workshop) -> None:
    program = inspect_program(workshop.program().read_bytes())
    plugin = inspect_plugin(workshop.plugin("greets", modules={SHARED: OLD}).read_bytes())
    shared = [package for package in plugin.packages if package.path in program.packages]
    assert len(shared) > 100
    assert all(program.packages[p.path] == p.fingerprint != b"" for p in shared)
    assert [p.path for p in plugin.packages if p not in shared] == ["example.com/loading/greets"]


@pytest.mark.parametrize("what", ["a plugin", "a C program", "text"])
def test_what_is_no_go_program(workshop: Workshop, what: str) -> None:
    data = {
        "a plugin": workshop.plugin("greets", modules={SHARED: OLD}).read_bytes(),
        "a C program": Path("/bin/true").read_bytes(),
        "text": b"#!/bin/sh\n",
    }[what]
    with pytest.raises(NotAGoProgram):
        inspect_program(data)
