"""Rows of requirements where no compiled file is needed."""

from __future__ import annotations

import pytest

from tui.krakend.prediction import same_go
from tui.krakend.requirements.judge import requirements_of
from tui.krakend.requirements.requirement import Status, Topic
from tui.krakend.target import default_target, parse_target
from tui.plugin.elf_head import ElfHead
from tui.plugin.facts import Certainty, FileKind, PluginFacts, PluginType, Registerer
from tui.plugin.gobuildinfo import BuildInfo, Module
from tui.plugin.libc import Libc


def plugin(type_: PluginType = PluginType.SERVER) -> PluginFacts:
    return PluginFacts(
        FileKind.GO_PLUGIN,
        (Registerer(type_, "auth", Certainty.EXACT),),
        plugin_path="example.com/auth",
        build=BuildInfo(
            "go1.25.12",
            "example.com/auth",
            {"GOOS": "linux", "GOARCH": "amd64"},
            modules=(Module("golang.org/x/mod", "v0.35.0"),),
        ),
        head=ElfHead(64, "x86-64", "shared object"),
        libc=Libc("musl"),
        size=1000,
    )


def status(facts: PluginFacts, which: str, libc: str | None = None) -> dict[str, str]:
    rows = requirements_of(facts, parse_target(which), libc=libc)
    return {row.topic.value: row.status.value for row in rows}


def test_all_that_a_release_can_tell() -> None:
    assert status(plugin(), "2.13.8", "musl") == {
        **dict.fromkeys(["interface", "go-version", "platform", "libc", "imports"], "pass"),
        "registered": "not-asked",
        "injected": "not-asked",
    }
    assert status(plugin(), "2.13.8")["libc"] == "unknown"


def test_community_3_loads_no_plugin() -> None:
    interface, *_ = requirements_of(plugin(), parse_target("ce-3.0"))
    assert (interface.status, interface.log_line) == (Status.FAIL, "")
    assert "loads no Go plugins" in interface.message
    assert status(plugin(), "ee-3.0")["interface"] == "pass"


def test_middleware_is_enterprise() -> None:
    facts = plugin(PluginType.MIDDLEWARE)
    assert status(facts, "2.13.8")["interface"] == "fail"
    assert status(facts, "ee-2.9")["interface"] == "fail"
    assert status(facts, "ee-2.13")["interface"] == "pass"


def test_each_row_quotes_the_line_of_its_own_cause() -> None:
    facts = plugin()._replace(
        build=plugin().build._replace(modules=(Module("golang.org/x/mod", "v0.1.0"),)),
        libc=Libc("glibc", "2.34", ("libc.so.6",)),
    )
    rows = {r.topic: r for r in requirements_of(facts, default_target(), libc="musl")}
    assert rows[Topic.LIBC].log_line == "Error loading shared library libc.so.6"
    assert rows[Topic.IMPORTS].log_line.startswith("plugin was built with a different version")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("go1.25.5", "1.25.5", True),
        ("go1.20", "1.20.0", True),
        ("go1.25.5 X:boringcrypto", "1.25.5", True),
        ("go1.25.5", "1.25.6", False),
        ("go1.26rc1", "1.26.0", False),
        ("devel go1.27-0a1b2c", "devel go1.27-ffffff", False),
        ("devel go1.27-0a1b2c", "devel go1.27-0a1b2c", True),
        (None, "1.25.5", False),
    ],
)
def test_go_versions(one: str | None, other: str, same: bool) -> None:
    assert same_go(one, other) is same
