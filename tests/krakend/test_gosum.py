"""go.sum and go.mod as Go and `krakend check-plugin` read them."""

from __future__ import annotations

import json
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
from golang.toolchain import GoToolchain
from hypothesis import given
from hypothesis import strategies as st

from tui.krakend.gosum import (
    Difference,
    differences,
    mending_commands,
    read_go_sum,
    read_indirect,
    same_libc,
)
from tui.krakend.semver import Version

RISING = [
    "",
    "v0.0.0-20190118135028-0f678f039617",
    "v0.0.0-20200118135028-0f678f039617",
    "v0.0.1",
    "v0.6.0-dev.0.20211013180041-c96bc1413d57",
    "v0.6.0-rc.9",
    "v0.6.0-rc.10",
    "v0.6.0-rc.x",
    "v0.6.0",
    "v0.6.2",
    "v0.6.10",
    "v1",
    "v1.0.1",
    "v2.0.0+incompatible",
    "v10.0.0",
    "v99999999999999999999999.0.0",
]


@pytest.mark.parametrize(("lower", "higher"), list(pairwise(RISING)))
def test_versions_rise(lower: str, higher: str) -> None:
    assert Version(lower) < Version(higher)
    assert not Version(higher) < Version(lower)


COMPARE = """package main

import (
	"encoding/json"
	"os"

	"semver.test/semver"
)

func main() {
	var pairs [][2]string
	if err := json.NewDecoder(os.Stdin).Decode(&pairs); err != nil {
		panic(err)
	}
	results := make([]int, len(pairs))
	for i, pair := range pairs {
		results[i] = semver.Compare(pair[0], pair[1])
	}
	json.NewEncoder(os.Stdout).Encode(results)
}
"""


def test_versions_compare_as_in_go(go: GoToolchain, tmp_path: Path) -> None:
    """Against golang.org/x/mod/semver, a copy of which comes with every Go."""
    source = go.root / "src/cmd/vendor/golang.org/x/mod/semver/semver.go"
    (tmp_path / "semver").mkdir()
    shutil.copy(source, tmp_path / "semver" / "semver.go")
    (tmp_path / "go.mod").write_text("module semver.test\n\ngo 1.21\n")
    (tmp_path / "main.go").write_text(COMPARE)
    texts = [*RISING, "v1.0", "v1.0.0", "v01.0.0", "v1.0.0-01", "v1.0.0-", "v1.0.0-a+b", "1.0.0"]
    texts += ["v1.0.0-a.b", "v1.0.0-a", "v1.0.0-A", "v1.0.0-1", "v1.0.0--", "v1.0.0+b", "v1.2-a"]
    pairs = [(one, other) for one in texts for other in texts]
    program = tmp_path / "compare"
    go.run("build", "-o", str(program), ".", cwd=tmp_path, environment={"GOPROXY": "off"})
    done = subprocess.run(
        [str(program)], input=json.dumps(pairs), capture_output=True, text=True, check=True
    )
    versions = [(Version(one), Version(other)) for one, other in pairs]
    ours = [(one > other) - (one < other) for one, other in versions]
    assert dict(zip(pairs, ours, strict=True)) == dict(
        zip(pairs, json.loads(done.stdout), strict=True)
    )


def test_the_highest_version_of_a_module_counts() -> None:
    text = (
        "golang.org/x/mod v0.6.0 h1:a=\n"
        "golang.org/x/mod v0.6.10/go.mod h1:b=\n"
        "golang.org/x/mod v0.6.2 h1:c=\r\n"
        "example.com/x v1.0.0/go.mod h1:d=\n"
        "\n"
        "junk\n"
        "example.com/odd latest h1:e=\n"
    )
    assert read_go_sum(text) == {"golang.org/x/mod": "v0.6.10", "example.com/x": "v1.0.0"}


def test_indirect_modules() -> None:
    text = (
        "module example.com/p // indirect\n"
        "require example.com/one v1.0.0 // indirect\n"
        "require example.com/two v1.0.0\n"
        "require (\n"
        "\texample.com/three v1.0.0 // indirect\n"
        '\t"example.com/four" v1.0.0 // indirect; because\n'
        "\texample.com/five v1.0.0 // indirectly\n"
        ")\n"
        "require\t(\n"
        "\texample.com/six v1.0.0 //indirect\n"
        ") // indirect\n"
        "replace example.com/seven => ./seven // indirect\n"
    )
    indirect = ("one", "three", "four", "six")
    assert read_indirect(text) == {f"example.com/{name}" for name in indirect}


def test_only_what_both_have_is_compared() -> None:
    have = {"a.com/x": "v1.0.0", "b.com/x": "v1.0.0", "own.com/x": "v1.0.0"}
    want = {"a.com/x": "v1.0.0", "b.com/x": "v1.1.0", "theirs.com/x": "v1.0.0"}
    assert differences(have, want, frozenset({"b.com/x"})) == (
        Difference("b.com/x", "v1.0.0", "v1.1.0", True),
    )
    assert differences(have, want, None)[0].is_indirect is None


def test_go_and_libc_stand_first_and_only_where_both_are_known() -> None:
    found = differences(
        {"a.com/x": "v1"}, {"a.com/x": "v2"}, None, ("1.22.1", "1.25.12"), ("glibc", "musl")
    )
    assert [difference.name for difference in found] == ["libc", "go", "a.com/x"]
    assert differences({}, {}, None, (None, "1.25.12"), (None, "MUSL-1.2.5")) == ()
    assert differences({}, {}, None, ("go1.25.12", "1.25.12"), ("glibc", None)) == ()


@pytest.mark.parametrize(
    ("have", "want", "same"),
    [
        ("musl", "MUSL-1.2.5_(alpine-3.23.3)", True),
        ("glibc", "MUSL-1.2.5_(alpine-3.23.3)", False),
        ("MUSL-1.2.5_(alpine-3.23.2)", "MUSL-1.2.5_(alpine-3.23.3)", False),
        ("GLIBC-2.36", "GLIBC-2.36", True),
        ("GLIBC-2.36", "glibc", True),
    ],
)
def test_libc(have: str, want: str, same: bool) -> None:
    assert same_libc(have, want) is same


def test_commands() -> None:
    found = (
        Difference("go", "1.22.1", "1.25.12"),
        Difference("a.com/x", "v1.0.0", "v1.1.0", False),
        Difference("b.com/x", "v1.0.0", "v1.1.0", True),
    )
    assert list(mending_commands(found)) == [
        "# go: have 1.22.1, want 1.25.12",
        "go get a.com/x@v1.1.0",
        "go mod edit --replace b.com/x=b.com/x@v1.1.0",
        "go mod tidy",
    ]
    assert list(mending_commands(found[:1])) == ["# go: have 1.22.1, want 1.25.12"]


@given(st.text(alphabet=st.sampled_from('ab/. v10-+\n\t()requi"`')))
def test_any_text(text: str) -> None:
    read_go_sum(text)
    read_indirect(text)
