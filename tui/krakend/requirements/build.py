"""Same Go version, same architecture/platform: what the file was built with, and for."""

from __future__ import annotations

from tui.krakend.prediction import Outcome, no_such_libc, no_such_library, same_go
from tui.krakend.requirements.case import DIFFERENT_VERSION, Case, what_follows
from tui.krakend.requirements.requirement import Requirement, Status, Topic, unknown
from tui.plugin.facts import FileKind
from tui.plugin.libc import GLIBC, MUSL, numbers, other_libraries


def go_version(case: Case) -> Requirement:
    """The same Go release, down to the patch."""
    have = (case.facts.go_version or "").removeprefix("go")
    want = case.target.go or ""
    row = (have, want)
    if not have:
        return unknown(Topic.GO_VERSION, "", want, "The file states no Go version.")
    if not want:
        message = f"The Go version of {case.target.label} is not public."
        return unknown(Topic.GO_VERSION, have, "", message)
    if same_go(have, want):
        return Requirement(Topic.GO_VERSION, Status.PASS, *row, "The same Go version.")
    if case.prediction.outcome is Outcome.LOADS:
        message = "Another Go version, but no package that both have differs: it loads."
        return Requirement(Topic.GO_VERSION, Status.PASS, *row, message)
    return Requirement(
        Topic.GO_VERSION,
        Status.FAIL,
        *row,
        f"It was built with Go {have}, {case.target.label} with Go {want}: "
        f"{what_follows(case.by_go)}",
        case.by_go.log_line or DIFFERENT_VERSION,
        case.build(),
    )


def platform(case: Case) -> Requirement:
    """The same operating system and architecture."""
    facts = case.facts
    have = facts.build.platform or ""
    if not have and facts.head is not None:
        have = f"linux/{facts.head.goarch or facts.head.machine}"
    elif not have and facts.kind in (FileKind.MACHO, FileKind.PE):
        have = "macOS" if facts.kind is FileKind.MACHO else "Windows"
    program = case.target.program
    platform = program.build.platform if program is not None else None
    wanted = (platform,) if platform else ("linux/amd64", "linux/arm64")
    want = " or ".join(wanted)
    if not have:
        return unknown(Topic.PLATFORM, "", want, "The file states no platform.")
    if have in wanted:
        message = "The same platform." if platform else "KrakenD is released for it."
        return Requirement(Topic.PLATFORM, Status.PASS, have, want, message)
    return Requirement(
        Topic.PLATFORM,
        Status.FAIL,
        have,
        want,
        f"It was built for {have}, {case.target.label} for {want}: the system's loader refuses it.",
        case.prediction.log_line,
        case.build(),
    )


def c_library(case: Case) -> Requirement:
    """The same C library, glibc or musl, and no newer glibc."""
    libc, want = case.facts.libc, case.wanted_libc
    program = case.target.program
    needs = program.libc.needs if program is not None else None
    wanted = f"{want}, GLIBC_{needs}" if want == GLIBC and needs else want or ""
    if libc.family is None:
        have = "" if not case.is_plugin else libc.label
        return unknown(Topic.LIBC, have, wanted, "The file states no C library.")
    if want is None:
        return unknown(
            Topic.LIBC,
            libc.label,
            f"{MUSL} or {GLIBC}",
            "The Alpine images of KrakenD are built with musl, the Debian and RPM packages "
            "with glibc: --libc, or the binary itself, says which.",
        )
    if libc.family != want:
        return Requirement(
            Topic.LIBC,
            Status.FAIL,
            libc.label,
            wanted,
            f"It was built with {libc.family}, KrakenD with {want}: the dynamic linker refuses it.",
            no_such_libc(libc, want),
            case.build(),
        )
    if libc.needs and needs and numbers(libc.needs) > numbers(needs):
        message = (
            f"KrakenD itself needs glibc {needs}: on a machine with one older than "
            f"{libc.needs} it runs, and this file is refused."
        )
        line = f"version `GLIBC_{libc.needs}' not found"
        return Requirement(
            Topic.LIBC, Status.UNKNOWN, libc.label, wanted, message, line, case.build()
        )
    others = set(other_libraries(libc.files)) - set(program.libc.files if program else ())
    if others:
        names = ", ".join(sorted(others))
        message = f"The same C library, but it needs {names} too: that must be installed."
        line = no_such_library(min(others), want)
        return Requirement(Topic.LIBC, Status.UNKNOWN, libc.label, wanted, message, line)
    return Requirement(Topic.LIBC, Status.PASS, libc.label, wanted, "The same C library.")
