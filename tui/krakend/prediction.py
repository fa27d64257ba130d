"""What happens when KrakenD opens files as plugins: it loads them, refuses them, or dies.

A model of plugin.Open (plugin/plugin_dlopen.go, runtime/plugin.go) on what the files' bytes
tell. The state of a process counts: what one file leaves behind decides about the next. Every
outcome is held against real Go programs in tests/plugin/test_predictions.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Final, NamedTuple

from tui.krakend.releases import modules_of
from tui.krakend.target import Target
from tui.plugin.facts import FileKind, PluginFacts
from tui.plugin.fingerprints import Layout
from tui.plugin.libc import MUSL, Libc, numbers, other_libraries

ALREADY_LOADED: Final = "plugin already loaded"
NO_MODULE_DATA: Final = "fatal error: runtime: no plugin module data"
BUS_ERROR: Final = "SIGBUS: bus error"
NOT_IMPLEMENTED: Final = "plugin: not implemented"

_ELF_HEADER: Final = 64
# Go minors whose module data is laid out alike (runtime/symtab.go, 1.21 to 1.27).
_ONE_LAYOUT: Final = ({(1, 21), (1, 22)}, {(1, 23), (1, 24), (1, 25)})
_GO = re.compile(r"(?:go)?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?(?: .*)?", re.DOTALL)


class Outcome(Enum):
    """What becomes of the file, or of the whole process."""

    LOADS = "loads"
    REFUSED = "refused"
    CRASHES = "crashes"
    UNKNOWN = "unknown"


class Basis(Enum):
    """What the prediction rests on. Package fingerprints are what Go itself compares; versions
    are weaker: equal ones need not load, and unequal ones need not be refused."""

    FINGERPRINTS = "fingerprints"
    VERSIONS = "versions"
    NONE = "none"


class Prediction(NamedTuple):
    """`package` is the one that Go names in "plugin was built with a different version of
    package X", if it does. `log_line` are the words that KrakenD prints, "" when it loads or
    nothing is known. `because` is the cause as a clause, for people. `twin` is the file that was
    opened before under the same plugin path, for which this one is refused.
    """

    outcome: Outcome
    package: str | None = None
    basis: Basis = Basis.NONE
    log_line: str = ""
    because: str = ""
    twin: str | None = None

    @property
    def is_sure(self) -> bool:
        """Whether the file certainly does not load: not where only module versions say so."""
        is_weak = self.basis is Basis.VERSIONS and self.outcome is Outcome.REFUSED
        return self.outcome in (Outcome.REFUSED, Outcome.CRASHES) and not is_weak


NOT_PREDICTED: Final = Prediction(Outcome.UNKNOWN)


def predict(facts: PluginFacts, target: Target, libc: str | None = None) -> Prediction:
    """What `target` does with the file when it opens it first.

    `libc` is the C library of the target's machine, where its binary does not tell.
    """
    return Process(target, libc).open(facts, "")


def built_with_another_version(package: str) -> str:
    """The words of runtime.plugin_lastmoduleinit."""
    return f"plugin was built with a different version of package {package}"


def no_such_libc(libc: Libc, of_target: str | None) -> str:
    """The dynamic linker's words where the C library of a file is not there."""
    names = (name for name in libc.files if name.startswith("libc."))
    return no_such_library(next(names, "libc.so"), of_target)


def no_such_library(name: str, of_target: str | None) -> str:
    """The words of the target's dynamic linker (glibc's when it is not known)."""
    if of_target == MUSL:
        return f"Error loading shared library {name}"
    return f"{name}: cannot open shared object file"


class Process:
    """A process of the target, in which files are opened one after another."""

    def __init__(self, target: Target, libc: str | None = None) -> None:
        self._target = target
        self._program = target.program
        self._libc = (self._program.libc.family if self._program else None) or libc
        # A symbol is that of the first file that defined it (dlopen with RTLD_GLOBAL), be it
        # one that Go refused: it stays mapped. Package -> its fingerprint and who brought it.
        packages = self._program.packages if self._program else {}
        self._known = {path: (value, target.label) for path, value in packages.items()}
        # A path is that of a machine: of files for several, one machine loads only its own.
        self._paths: dict[tuple[str, str | None], str] = {}
        # The last module of the runtime's list: True for one in use, False for a refused one.
        self._last: bool | None = None
        # A module of another layout cuts the list: the runtime sees no later one.
        self._is_cut = False

    def open(self, facts: PluginFacts, name: str) -> Prediction:
        """What opening the next file comes to. One that kills the process leaves nothing
        behind here: the next ones are judged as if it were away."""
        if not self._target.has_plugins:
            return _refused("", f"{self._target.label} loads no Go plugins")
        if self._program is not None and not self._program.opens_plugins:
            return _refused(NOT_IMPLEMENTED, "this KrakenD was built without Go plugins")
        refusal = self._refused_by_linker(facts)
        if refusal is not None:
            return refusal
        if facts.head is not None and facts.head.missing:
            missing = f"its last {facts.head.missing} bytes are missing"
            return Prediction(Outcome.CRASHES, log_line=BUS_ERROR, because=missing)
        if not facts.is_readable:
            return Prediction(Outcome.UNKNOWN, because=f"it is {facts.problem}")
        if facts.kind is not FileKind.GO_PLUGIN and not facts.packages:
            return self._at_last_module(f"it is {facts.problem}")
        if self._is_cut:
            self._define(facts, name)
            return self._at_last_module("a file before it is of another Go release")
        if self._has_other_layout(facts):
            return self._cut(facts, name)
        self._define(facts, name)
        return self._initialised(facts, name)

    def _refused_by_linker(self, facts: PluginFacts) -> Prediction | None:
        """What dlopen itself refuses, in the words of glibc 2.36 and of musl 1.2."""
        head = facts.head
        words = because = ""
        if facts.kind is not FileKind.GO_PLUGIN and facts.size < _ELF_HEADER:
            words, because = "file too short", f"it is {facts.problem}"
        elif facts.kind not in (FileKind.ELF, FileKind.GO_PLUGIN):
            words, because = "invalid ELF header", f"it is {facts.problem}"
        elif head is None:
            return None
        elif head.missing is None:
            words, because = "cannot read file data", f"it is {facts.problem}"
        elif head.bits != 64:
            words, because = f"wrong ELF class: ELFCLASS{head.bits}", f"it is a {head.label}"
        elif head.is_big_endian:
            words, because = "ELF file data encoding not little-endian", f"it is {facts.problem}"
        elif head.machine not in self._machines:
            words = "cannot open shared object file: No such file or directory"
            because = f"it is for {head.machine}, not for {' or '.join(self._machines)}"
        elif head.type != "shared object":
            words = "only ET_DYN and ET_EXEC can be loaded"
            if head.type == "program":
                words = "cannot dynamically load"
            because = f"it is a {head.label}"
        elif self._is_of_other_libc(facts):
            because = f"it was built with {facts.libc.family}, KrakenD with {self._libc}"
            return _refused(no_such_libc(facts.libc, self._libc), because)
        return _refused(self._said(words, "Exec format error"), because) if words else None

    def _is_of_other_libc(self, facts: PluginFacts) -> bool:
        family = facts.libc.family
        return None not in (family, self._libc) and family != self._libc

    @property
    def _machines(self) -> tuple[str, ...]:
        """Those that the target is for: KrakenD is released for amd64 and arm64."""
        head = self._program.head if self._program is not None else None
        return (head.machine,) if head is not None else ("x86-64", "AArch64")

    def _said(self, glibc: str, musl: str) -> str:
        """The dynamic linker's words, by the C library of the target (glibc when not known)."""
        return f"Error loading shared {musl}" if self._libc == MUSL else glibc

    def _at_last_module(self, because: str) -> Prediction:
        """The runtime finds no new module, and so looks at the last one of its list."""
        if self._last:
            return _refused(ALREADY_LOADED, because)
        return Prediction(Outcome.CRASHES, log_line=NO_MODULE_DATA, because=because)

    def _cut(self, facts: PluginFacts, name: str) -> Prediction:
        """A module of another layout: unseen, and after it no other one is seen."""
        other = f"it is of {_go(facts)}, {self._target.label} of {self._target.go}"
        prediction = self._at_last_module(other)
        if prediction.outcome is not Outcome.CRASHES:
            self._define(facts, name)
            self._is_cut = True
        basis = Basis.VERSIONS if self._program is None else Basis.FINGERPRINTS
        return prediction._replace(basis=basis)

    def _define(self, facts: PluginFacts, name: str) -> None:
        for package in facts.packages:
            self._known.setdefault(package.path, (package.fingerprint, name))

    def _has_other_layout(self, facts: PluginFacts) -> bool:
        """Whether the target's runtime reads the file's module data wrongly."""
        wanted = self._program.layout if self._program else None
        if wanted is not None and facts.layout is not None:
            return _differ(wanted, facts.layout)
        have, want = go_numbers(facts.go_version)[:2], go_numbers(self._target.go)[:2]
        if not have or not want or have == want:
            return False
        return not any({have, want} <= minors for minors in _ONE_LAYOUT)

    def _initialised(self, facts: PluginFacts, name: str) -> Prediction:
        """runtime.plugin_lastmoduleinit, once the module is found."""
        path = facts.plugin_path
        place = (path or "", facts.machine)
        self._last = False
        if path is not None and place in self._paths:
            twin = self._paths[place]
            because = f"its plugin path {path} is that of {twin or 'another file'}"
            return _refused(ALREADY_LOADED, because)._replace(twin=twin)
        for package in facts.packages:
            known, holder = self._known[package.path]
            if known != package.fingerprint and self._is_sure_of(package.path):
                return Prediction(
                    Outcome.REFUSED,
                    package.path,
                    Basis.FINGERPRINTS,
                    built_with_another_version(package.path),
                    f"its package {package.path} is not that of {holder}",
                )
        if facts.kind is not FileKind.GO_PLUGIN:
            return _refused("could not find symbol", f"it is {facts.problem}")
        if self._program is None:
            weaker = self._by_versions(facts)
            if weaker.outcome is Outcome.REFUSED:
                return weaker
        self._last = True
        if path is not None:
            self._paths[place] = name
        return self._loaded(facts) if self._program is not None else weaker

    def _is_sure_of(self, package: str) -> bool:
        """Whether the fingerprint that counts is known: always with a binary. With a release
        only, what another file brought counts where KrakenD cannot have the package."""
        if self._program is not None:
            return True
        modules = modules_of(self._target.release)
        return bool(modules) and not is_standard(package) and module_of(package, modules) is None

    def _loaded(self, facts: PluginFacts) -> Prediction:
        assert self._program is not None
        have, want = facts.libc.needs, self._program.libc.needs
        if have and want and numbers(have) > numbers(want):
            line = f"version `GLIBC_{have}' not found"
            because = f"it loads where glibc is {have} or newer; KrakenD itself needs {want}"
            return Prediction(Outcome.UNKNOWN, None, Basis.FINGERPRINTS, line, because)
        missing = set(other_libraries(facts.libc.files)) - set(self._program.libc.files)
        if missing:
            name = min(missing)
            line = no_such_library(name, self._libc)
            because = f"it loads where the library {name} is installed"
            return Prediction(Outcome.UNKNOWN, None, Basis.FINGERPRINTS, line, because)
        return Prediction(Outcome.LOADS, basis=Basis.FINGERPRINTS)

    def _by_versions(self, facts: PluginFacts) -> Prediction:
        """The weaker answer, without the binary."""
        if self._target.go is None:
            because = f"the versions in {self._target.label} are not public"
            if self._target.is_default:
                because = "no KrakenD was named to compare it with"
            return Prediction(Outcome.UNKNOWN, because=because)
        have, want = go_numbers(facts.go_version), go_numbers(self._target.go)
        if have and have[:2] != want[:2]:
            return _refused_by_versions(f"it is of {_go(facts)}, not of Go {self._target.go}")
        others = differing(facts.build.versions, modules_of(self._target.release))
        if others:
            return _refused_by_versions(f"it has another {listed_modules(others)}")
        if have != want:
            because = f"it is of {_go(facts) or 'an unknown Go'}, not of Go {self._target.go}"
        else:
            because = "its versions are right, and only the krakend binary itself can tell"
        return Prediction(Outcome.UNKNOWN, basis=Basis.VERSIONS, because=because)


def is_standard(package: str) -> bool:
    """Whether a package is Go's own: those have no dot in their first element (cmd/go)."""
    return "." not in package.partition("/")[0]


def module_of(package: str, modules: Iterable[str]) -> str | None:
    """The module among `modules` that holds the package: the longest path that begins it."""
    holders = [path for path in modules if package == path or package.startswith(f"{path}/")]
    return max(holders, key=len, default=None)


def differing(have: Mapping[str, str], want: Mapping[str, str]) -> tuple[str, ...]:
    """The modules that both have, at other versions."""
    return tuple(sorted(path for path in have if path in want and have[path] != want[path]))


def listed_modules(paths: tuple[str, ...]) -> str:
    """The first, and how many more."""
    return paths[0] if len(paths) == 1 else f"{paths[0]} and {len(paths) - 1} more"


def go_numbers(version: str | None) -> tuple[int, ...]:
    """`go1.25.5` or `1.25.5` as numbers; empty for what is no release. Go 1.20 is 1.20.0."""
    match = _GO.fullmatch(version or "")
    return (int(match[1]), int(match[2]), int(match[3] or 0)) if match else ()


def same_go(one: str | None, other: str | None) -> bool:
    """Whether two Go versions are the same release, or the same text where one is none."""
    numbers = go_numbers(one), go_numbers(other)
    return numbers[0] == numbers[1] if all(numbers) else one == other


def _go(facts: PluginFacts) -> str:
    return f"Go {facts.go_version.removeprefix('go')}" if facts.go_version else ""


def _differ(one: Layout, other: Layout) -> bool:
    is_other_type = bool(one[1] and other[1]) and one[1] != other[1]
    return one[0] != other[0] or is_other_type


def _refused(log_line: str, because: str) -> Prediction:
    return Prediction(Outcome.REFUSED, log_line=log_line, because=because)


def _refused_by_versions(because: str) -> Prediction:
    line = built_with_another_version("").rstrip()
    return Prediction(Outcome.REFUSED, None, Basis.VERSIONS, line, because)
