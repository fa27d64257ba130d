"""Same import versions: the modules and packages that the file has in common with KrakenD."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tui.krakend.prediction import Basis, differing, is_standard, module_of, same_go
from tui.krakend.releases import modules_of
from tui.krakend.requirements.case import DIFFERENT_VERSION, Case, sentence
from tui.krakend.requirements.requirement import Requirement, Status, Topic, unknown

if TYPE_CHECKING:
    from tui.plugin.program import ProgramFacts

_FLAGS = ("-trimpath", "-race", "-msan", "-asan", "-gcflags", "-tags", "-cover", "-covermode")


def imports(case: Case) -> Requirement:
    """The same versions of the modules, and the same packages, that KrakenD has too."""
    program = case.target.program
    if not case.is_plugin:
        return unknown(Topic.IMPORTS, "", "", "It is no Go plugin.")
    want = program.build.versions if program else modules_of(case.target.release)
    if program is None and (case.target.is_enterprise or not want):
        message = f"The modules of {case.target.label} are not public: give its binary."
        return unknown(Topic.IMPORTS, "", "", message)
    have = case.facts.build.versions
    others = differing(have, want)
    if program is not None:
        return _by_fingerprints(case, program, others)
    if not others:
        message = "Their versions are right; whether their packages are, the binary tells."
        return Requirement(Topic.IMPORTS, Status.PASS, _shared(have, want), "the same", message)
    return _other_versions(case, have, want, others)


def _by_fingerprints(case: Case, program: ProgramFacts, others: tuple[str, ...]) -> Requirement:
    """A binary says of each package whether it is the same; `others` are modules of another
    version."""
    have, want = case.facts.build.versions, program.build.versions
    unlike = [
        package.path
        for package in case.facts.packages
        if program.packages.get(package.path, package.fingerprint) != package.fingerprint
    ]
    shared = _shared(have, want)
    package = case.prediction.package
    if package is not None and package not in unlike:
        return Requirement(
            Topic.IMPORTS,
            Status.FAIL,
            f"package {package}",
            "the one of the file that is opened first",
            f"{sentence(case.prediction.because)}: of two that differ Go refuses the later.",
            case.prediction.log_line,
        )
    if not unlike:
        message = "No package that both have differs."
        if others:
            message = f"{others[0]} has another version, but no package of it that both have."
        return Requirement(Topic.IMPORTS, Status.PASS, shared, "the same", message)
    modules = {module_of(path, have) for path in unlike if not is_standard(path)}
    guilty = tuple(path for path in others if path in modules)
    if guilty:
        return _other_versions(case, have, want, guilty)
    if not same_go(case.facts.go_version, f"go{case.target.go}"):
        message = "Their versions are right; their packages differ by the Go version."
        return Requirement(Topic.IMPORTS, Status.PASS, shared, "the same", message)
    return _other_flags(case, program, unlike)


def _other_versions(
    case: Case, have: Mapping[str, str], want: Mapping[str, str], others: tuple[str, ...]
) -> Requirement:
    fix = [f"go get {path}@{want[path]}" for path in others if _is_plain(want[path])]
    which = others[0] if len(others) == 1 else f"{len(others)} modules"
    sure = "" if case.prediction.basis is Basis.FINGERPRINTS else " likely"
    return Requirement(
        Topic.IMPORTS,
        Status.FAIL,
        ", ".join(f"{path} {have[path]}" for path in others),
        ", ".join(f"{path} {want[path]}" for path in others),
        f"{which} in another version than {case.target.label} has: Go{sure} refuses the file.",
        case.by_go.log_line or DIFFERENT_VERSION,
        "\n".join([*fix, "go mod tidy"]) if fix else "",
    )


def _other_flags(case: Case, program: ProgramFacts, unlike: Sequence[str]) -> Requirement:
    """Equal versions and other packages: other flags, or another place of the sources."""
    have = _build_flags(case.facts.build.settings)
    want = _build_flags(program.build.settings)
    count = f"{len(unlike)} packages differ, {unlike[0]} first"
    if have != want:
        message = f"Equal versions, but other build flags: {count}."
    else:
        message = (
            f"Equal versions and flags, but {count}: the sources lay in another folder, or a "
            "module is replaced. The builder image has KrakenD's folders."
        )
    return Requirement(
        Topic.IMPORTS,
        Status.FAIL,
        " ".join(have) or "no build flags",
        " ".join(want) or "no build flags",
        message,
        case.prediction.log_line,
        case.build(),
    )


def _build_flags(settings: Mapping[str, str]) -> tuple[str, ...]:
    """The flags that change what packages are compiled to, as one would type them."""
    found = ((flag, settings.get(flag)) for flag in _FLAGS)
    return tuple(flag if value == "true" else f"{flag}={value}" for flag, value in found if value)


def _shared(have: Mapping[str, str], want: Mapping[str, str]) -> str:
    number = sum(path in want for path in have)
    if not number:
        return "no module that KrakenD has too"
    return f"{number} module{'s' if number > 1 else ''} that KrakenD has too"


def _is_plain(version: str) -> bool:
    return version.startswith("v") and " " not in version
