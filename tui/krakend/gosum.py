"""A plugin's go.sum against a KrakenD, as `krakend check-plugin` compares them.

krakend-cobra plugin/analyzer.go: of each module of go.sum the highest version counts, and only
modules that both sides have are compared; go and libc are compared as text. Other than there,
libc is compared only when both sides are known: check-plugin reports it as different whenever -l
is not given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from shlex import quote
from typing import Final, NamedTuple

from tui.krakend.semver import Version

GO: Final = "go"
LIBC: Final = "libc"

_GO_MOD: Final = "/go.mod"
_REQUIRE = re.compile(r"require\s+([^\s(].*)")
_BLOCK = re.compile(r"require\s*\(")
_LIBC_FAMILY = re.compile(r"(glibc|musl)(.*)", re.IGNORECASE | re.DOTALL)


class Difference(NamedTuple):
    """`name` is a module path, "go" or "libc". `is_indirect` is None for the last two, and
    where no go.mod tells."""

    name: str
    have: str
    want: str
    is_indirect: bool | None = None


def read_go_sum(text: str) -> dict[str, str]:
    """Module path -> the highest version that go.sum names; lines of another shape are passed
    over."""
    found: dict[str, str] = {}
    for line in text.split("\n"):
        path, *rest = line.rstrip("\r").split(" ")
        if not rest:
            continue
        version = rest[0].removesuffix(_GO_MOD) if len(rest[0]) > len(_GO_MOD) else rest[0]
        if Version(found.get(path, "")) < Version(version):
            found[path] = version
    return found


def read_indirect(go_mod: str) -> frozenset[str]:
    """The modules that go.mod requires with `// indirect`."""
    found: set[str] = set()
    is_inside = False
    for line in go_mod.splitlines():
        code, _, comment = line.partition("//")
        code = code.strip()
        if is_inside:
            is_inside = not code.startswith(")")
        elif _BLOCK.match(code):
            is_inside = True
            continue
        else:
            match = _REQUIRE.match(code)
            code = match[1] if match is not None else ""
        if code.strip(")") and _is_indirect(comment):
            found.add(code.split()[0].strip('"`'))
    return frozenset(found)


def _is_indirect(comment: str) -> bool:
    """`// indirect`, alone or before a semicolon (modfile, isIndirect)."""
    return comment.strip() == "indirect" or comment.strip().startswith("indirect;")


def differences(
    have: Mapping[str, str],
    want: Mapping[str, str],
    indirect: frozenset[str] | None,
    go: tuple[str | None, str | None] = (None, None),
    libc: tuple[str | None, str | None] = (None, None),
) -> tuple[Difference, ...]:
    """libc and go first, then the modules by name. `go` and `libc` are (have, want); a pair with
    a None is not compared. `indirect` is None when there is no go.mod."""
    found: list[Difference] = []
    if None not in libc and not same_libc(str(libc[0]), str(libc[1])):
        found.append(Difference(LIBC, str(libc[0]), str(libc[1])))
    if None not in go and str(go[0]).removeprefix(GO) != str(go[1]).removeprefix(GO):
        found.append(Difference(GO, str(go[0]), str(go[1])))
    for path in sorted(want):
        if path in have and have[path] != want[path]:
            is_indirect = None if indirect is None else path in indirect
            found.append(Difference(path, have[path], want[path], is_indirect))
    return tuple(found)


def same_libc(have: str, want: str) -> bool:
    """`MUSL-1.2.5_(alpine-3.23.3)` is compared as text; `musl` alone with the family only."""
    one, other = _LIBC_FAMILY.fullmatch(have), _LIBC_FAMILY.fullmatch(want)
    if one is None or other is None:
        return have == want
    is_whole = bool(one[2] and other[2])
    return have == want if is_whole else one[1].lower() == other[1].lower()


def mending_commands(found: Iterable[Difference]) -> Sequence[str]:
    """The lines for a shell that make the modules equal, as `check-plugin -f` prints them;
    what no command mends is a comment."""
    lines: list[str] = []
    has_modules = False
    for difference in found:
        path, want = difference.name, difference.want
        if path in (GO, LIBC):
            lines.append(f"# {path}: have {difference.have}, want {want}")
            continue
        has_modules = True
        if difference.is_indirect:
            lines.append(f"go mod edit --replace {quote(f'{path}={path}@{want}')}")
        else:
            lines.append(f"go get {quote(f'{path}@{want}')}")
    return [*lines, "go mod tidy"] if has_modules else lines
