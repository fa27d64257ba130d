"""What is said of one plugin file, on its page in the app and by `inspect`.

Texts hold what the file holds: they are to be made visible before they reach a terminal.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from tui.krakend.prediction import Basis, Outcome, Prediction
from tui.plugin.facts import FileKind, PluginFacts
from tui.plugin.gobuildinfo import BuildInfo
from tui.storage.plugin_files import FileStatus

_OUTCOMES = {
    Outcome.LOADS: "KrakenD loads it",
    Outcome.REFUSED: "KrakenD does not load it",
    Outcome.CRASHES: "KrakenD dies when it opens it",
    Outcome.UNKNOWN: "not known for sure",
}
_BASES = {
    Basis.FINGERPRINTS: "by Go's own package fingerprints",
    Basis.VERSIONS: "by versions only, which is weaker; the krakend binary would tell",
    Basis.NONE: "",
}


def what_it_is(facts: PluginFacts) -> str:
    """A noun phrase: `a Go plugin for linux/amd64, glibc`."""
    if facts.kind is not FileKind.GO_PLUGIN:
        return f"no Go plugin: {facts.problem}"
    return f"a Go plugin for {facts.build.platform or 'an unknown platform'}, {facts.libc.label}"


def what_happens(prediction: Prediction) -> str:
    """A sentence: what KrakenD does with the file, why, and how that is known."""
    parts = [_OUTCOMES[prediction.outcome]]
    if prediction.because:
        parts.append(f": {prediction.because}")
    if _BASES[prediction.basis]:
        parts.append(f" ({_BASES[prediction.basis]})")
    return "".join(parts) + "."


def details(facts: PluginFacts, status: FileStatus | None) -> Iterator[tuple[str, str]]:
    """(label, words) of the file itself and of how it was built; a label of "" goes on."""
    if status is not None:
        when = datetime.fromtimestamp(status.mtime_ns / 1e9).strftime("%Y-%m-%d %H:%M:%S")
        owner = f"{status.owner}:{status.group}"
        yield "file", f"{facts.size:,} bytes, {when}, {owner}, mode {status.mode:04o}"
    yield "sha256", facts.sha256
    if facts.head is not None:
        stripped = ", stripped (symbols and debug data that nothing here needs)"
        yield "elf", f"{facts.head.label}{stripped if facts.is_stripped else ''}"
    build = facts.build
    if build.go_version is not None:
        flags = " ".join(build_line(build)) or "no flags"
        yield "built", f"{build.go_version}, CGO {'on' if has_cgo(build) else 'off'}, {flags}"
    if build.main is not None:
        yield "module", f"{build.main.path} {build.main.version}"
    elif facts.plugin_path is not None:
        yield "module", f"none (built from files): {facts.plugin_path}"
    for number, (path, version) in enumerate(sorted(build.versions.items())):
        yield "" if number else "needs", f"{path} {version}"


def has_cgo(build: BuildInfo) -> bool:
    """Whether it was built with CGO_ENABLED=1."""
    return build.settings.get("CGO_ENABLED") == "1"


def build_line(build: BuildInfo) -> list[str]:
    """The flags of `go build` that are in the build info, as one would type them."""
    return [
        flag if value == "true" else f"{flag}={value}"
        for flag, value in build.settings.items()
        if flag.startswith("-") and flag != "-compiler"
    ]
