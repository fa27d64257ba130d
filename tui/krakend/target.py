"""Which KrakenD the advice is for: its edition and release."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from tui.errors import KrakendTuiError
from tui.krakend.releases import newest, releases
from tui.visible import visible

if TYPE_CHECKING:
    from tui.plugin.program import ProgramFacts

_FORM = re.compile(r"(?:(ce|ee)-)?(\d+)\.(\d+)(?:\.(\d+))?", re.IGNORECASE | re.ASCII)

# Community 3.0 dropped Go plugins and Enterprise 3.0 changed the shape of the entries
# (krakend.io/blog/dropping-plugins-support-on-community, krakend-schema v3.0/plugin). The
# table of releases ends before both, so they are known by name only.
_MAJOR_3 = "3.0"


class TargetError(KrakendTuiError):
    """The wish for a release names none that is known."""

    kind = "target"


class Target(NamedTuple):
    """`edition` is "ce" or "ee"; `release` is X.Y.Z, or X.Y where no patch is known.

    `source` says in words where the target comes from. `go` and `alpine` are the release's Go
    and Alpine versions, None where not known (EE releases have no public list). `program` is
    what was read from the binary at `path`, when the target is one; `note` what is to be known
    of it. `is_default` says that nobody asked for it.
    """

    edition: str
    release: str
    source: str
    go: str | None = None
    alpine: str | None = None
    program: ProgramFacts | None = None
    path: str = ""
    note: str = ""
    is_default: bool = False

    @property
    def minor(self) -> tuple[int, int]:
        """Major and minor as numbers: (2, 13)."""
        major, minor = self.release.split(".")[:2]
        return int(major), int(minor)

    @property
    def is_enterprise(self) -> bool:
        """Whether it is the Enterprise Edition."""
        return self.edition == "ee"

    @property
    def is_krakend(self) -> bool:
        """Whether it is a KrakenD, and not some other program that opens plugins."""
        return self.program is None or self.program.edition is not None

    @property
    def has_plugins(self) -> bool:
        """Whether the release loads Go plugins: Community 3.0 and newer do not."""
        return self.is_enterprise or self.minor < (3, 0)

    @property
    def has_middleware(self) -> bool:
        """Whether it knows plugin/middleware: Enterprise since 2.10 (krakend-schema v2.10)."""
        return self.is_enterprise and self.minor >= (2, 10)

    @property
    def has_workflows(self) -> bool:
        """Whether it runs workflows: Enterprise since 2.7 (krakend-schema v2.7)."""
        return self.is_enterprise and self.minor >= (2, 7)

    @property
    def goarch(self) -> str | None:
        """The architecture of its binary, by Go's name; None when there is none to tell."""
        head = self.program.head if self.program is not None else None
        return head.goarch if head is not None else None

    @property
    def label(self) -> str:
        """For people: `KrakenD CE 2.13.8`."""
        if not self.is_krakend:
            return f"the Go program {visible(PurePath(self.path).name)}"
        return f"KrakenD {self.edition.upper()} {self.release}"


def is_release_form(which: str) -> bool:
    """Whether it is written as a release is, known or not."""
    return _FORM.fullmatch(which.strip()) is not None


def parse_target(which: str) -> Target:
    """`2.12.0`, `2.13` (its newest patch), `ce-2.13`, `ee-2.13`, `ce-3.0`, `ee-3.0`.

    Without an edition it is the Community Edition. Of Enterprise releases only the minors are
    known, so a patch is taken as given. Raises TargetError, which names close releases.
    """
    form = _FORM.fullmatch(which.strip())
    if form is None:
        raise _unknown(which)
    edition = (form[1] or "ce").lower()
    minor = f"{int(form[2])}.{int(form[3])}"
    version = minor if form[4] is None else f"{minor}.{int(form[4])}"
    source = f"asked for as {which.strip()}"
    if minor == _MAJOR_3:
        return Target(edition, version, source)
    patch = newest(minor)
    if patch is None:
        raise _unknown(which)
    if edition == "ee":
        return Target(edition, version, source)
    if form[4] is not None:
        patch = next((release for release in releases() if release.version == version), None)
        if patch is None:
            raise _unknown(which)
    return Target(edition, patch.version, source, patch.go, patch.alpine)


def default_target() -> Target:
    """The newest 2.x Community release: the newest with Go plugins."""
    release = next(release for release in reversed(releases()) if release.numbers[0] == 2)
    source = "the newest 2.x Community release"
    return Target("ce", release.version, source, release.go, release.alpine, is_default=True)


def target_of_program(program: ProgramFacts, path: str, source: str | None = None) -> Target:
    """The KrakenD whose binary is at `path`, or another Go program that opens plugins.

    `source` says where it comes from, where that is not just the path.

    Raises TargetError for a program that cannot open plugins and is no KrakenD.
    """
    go = (program.build.go_version or "").removeprefix("go").partition(" ")[0] or None
    source = source or f"the binary {visible(path)}"
    known = default_target()
    if program.edition is None:
        if not program.opens_plugins:
            raise TargetError(
                f"{visible(path)} is a Go program that cannot open plugins.",
                "Give a krakend binary, or a release such as 2.13.8.",
            )
        note = f"It is not KrakenD: {known.label} is assumed for everything but the files."
        return Target("ce", known.release, source, go, None, program, path, note)
    notes = []
    if program.release is None:
        notes.append(f"It does not say which release it is: {known.release} is assumed.")
    if not program.opens_plugins:
        notes.append("It was built so that it cannot open plugins.")
    release = program.release or known.release
    row = next((row for row in releases() if row.version == release), None)
    alpine = row.alpine if row is not None and program.edition == "ce" else None
    return Target(program.edition, release, source, go, alpine, program, path, " ".join(notes))


def _unknown(which: str) -> TargetError:
    from difflib import get_close_matches

    wish = which.strip().lower()
    edition, _, version = wish.rpartition("-")
    prefix = f"{edition}-" if edition in ("ce", "ee") else ""
    close = get_close_matches(version, _known_versions(), n=3, cutoff=0.6)
    if close:
        hint = "Close ones: " + ", ".join(prefix + version for version in close) + "."
    else:
        hint = "Give a release such as 2.12.0, 2.13 or ee-2.13, or the path of a krakend binary."
    return TargetError(f"No KrakenD release {visible(which)!r} is known.", hint)


def _known_versions() -> list[str]:
    minors = {release.minor: None for release in reversed(releases())}
    return [_MAJOR_3, *minors, *(release.version for release in reversed(releases()))]
