"""Which KrakenD the advice is for: its edition and release."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches

from tui.errors import KrakendTuiError
from tui.krakend.releases import newest, releases
from tui.visible import visible

_FORM = re.compile(r"(?:(ce|ee)-)?(\d+)\.(\d+)(?:\.(\d+))?", re.IGNORECASE | re.ASCII)

# Community 3.0 dropped Go plugins and Enterprise 3.0 changed the shape of the entries
# (krakend.io/blog/dropping-plugins-support-on-community, krakend-schema v3.0/plugin). The
# table of releases ends before both, so they are known by name only.
_MAJOR_3 = "3.0"


class TargetError(KrakendTuiError):
    """The wish for a release names none that is known."""

    kind = "target"


@dataclass(frozen=True, slots=True)
class Target:
    """`edition` is "ce" or "ee"; `release` is X.Y.Z, or X.Y where no patch is known.

    `source` says in words where the target comes from. `go` and `alpine` are the release's Go
    and Alpine versions, None where not known (EE releases have no public list).
    """

    edition: str
    release: str
    source: str
    go: str | None = None
    alpine: str | None = None

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
    def label(self) -> str:
        """For people: `KrakenD CE 2.13.8`."""
        return f"KrakenD {self.edition.upper()} {self.release}"


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
    return Target(
        "ce", release.version, "the newest 2.x Community release", release.go, release.alpine
    )


def _unknown(which: str) -> TargetError:
    wish = which.strip().lower()
    edition, _, version = wish.rpartition("-")
    prefix = f"{edition}-" if edition in ("ce", "ee") else ""
    close = get_close_matches(version, _known_versions(), n=3, cutoff=0.6)
    if close:
        hint = "Close ones: " + ", ".join(prefix + version for version in close) + "."
    else:
        hint = "Give a release such as 2.12.0, 2.13, ce-2.13 or ee-2.13."
    return TargetError(f"No KrakenD release {visible(which)!r} is known.", hint)


def _known_versions() -> list[str]:
    minors = {release.minor: None for release in reversed(releases())}
    return [_MAJOR_3, *minors, *(release.version for release in reversed(releases()))]
