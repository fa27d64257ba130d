"""Rules about the plugin files that KrakenD opens: which requirement on plugins each fails.

Each is about a row of requirements_of, and so says what `inspect` and the plugin's page say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tui.diagnostic import Severity, Span
from tui.folder import EntryKind, text_of
from tui.krakend.backups import is_backup
from tui.krakend.prediction import Outcome, go_numbers
from tui.krakend.requirements.requirement import Requirement, Topic, failing
from tui.krakend.rules.base import Context, Finding, Rule, shown
from tui.krakend.rules.block import block_span
from tui.plugin.facts import FileKind

# What is compared with a KrakenD that somebody has to name: by a guess there is no finding.
_COMPARED = (Topic.GO_VERSION, Topic.LIBC, Topic.IMPORTS)


def _failing(topic: Topic) -> Callable[[Context], Iterator[Finding]]:
    """The check of the rule about one requirement."""

    def check(context: Context) -> Iterator[Finding]:
        if topic in _COMPARED and context.target.is_default and not _is_given(context, topic):
            return
        pointer, span = _place(context)
        for name, rows in context.requirements.items():
            if _is_told(context, topic, name):
                continue
            for row in failing(rows):
                if row.topic is topic:
                    severity = _severity(context, name, row)
                    yield Finding(_message(text_of(name), row), pointer, span, (), severity)

    return check


def _go_version(context: Context) -> Iterator[Finding]:
    yield from _failing(Topic.GO_VERSION)(context)
    if not context.target.is_default:
        return
    first: dict[tuple[int, ...], bytes] = {}
    for name in context.predictions:
        facts = context.snapshot.plugins[name]
        minor = go_numbers(facts.go_version)[:2]
        if facts.kind is FileKind.GO_PLUGIN and minor and not is_backup(text_of(name)):
            first.setdefault(minor, name)
    if len(first) > 1:
        (old, one), *_, (new, other) = sorted(first.items())
        message = (
            f"{shown(text_of(one), 32)} was built with Go {_dotted(old)}, "
            f"{shown(text_of(other), 32)} with Go {_dotted(new)}: no KrakenD loads both. "
            "--krakend RELEASE says which of them it is."
        )
        pointer, span = _place(context)
        yield Finding(message, pointer, span, (), Severity.WARNING)


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def _is_given(context: Context, topic: Topic) -> bool:
    """Whether somebody said what to compare with, though no KrakenD: --libc."""
    return topic is Topic.LIBC and context.snapshot.libc is not None


def _place(context: Context) -> tuple[str, Span]:
    field = context.block.folder
    if field is None:
        return context.block.pointer, block_span(context)
    return field.pointer, field.node.span


_LINKS = {
    None: ("a symlink that leads nowhere", "realpath failed"),
    EntryKind.DIRECTORY: ("a symlink to a directory", "cannot read file data: Is a directory"),
}
_WORDS = {EntryKind.FIFO: "FIFO", EntryKind.OTHER: "special file"}
_SOCKET = "cannot open shared object file: No such device or address"


def _interface(context: Context) -> Iterator[Finding]:
    yield from _failing(Topic.INTERFACE)(context)
    pointer, span = _place(context)
    for entry in context.loaded:
        if entry.is_regular or _is_none_meant(context, entry.name):
            continue
        kind = entry.target_kind or entry.kind
        what, line = f"a {_WORDS.get(kind, kind.value)}", ""
        if entry.kind is EntryKind.SYMLINK:
            what, line = _LINKS.get(entry.target_kind, (what, line))
        if kind is EntryKind.SOCKET:
            line = _SOCKET
        if kind is EntryKind.FIFO:
            follows = "KrakenD waits at start until something is written to it."
        else:
            follows = "KrakenD does not load it and says so at DEBUG only."
        log = f' Log: "{line}".' if line else ""
        message = f"{shown(entry.text, 32)} is {what}, and no Go plugin: {follows}{log}"
        yield Finding(message, pointer, span)


def _is_told(context: Context, topic: Topic, name: bytes) -> bool:
    """Whether a rule about the pattern speaks: it takes what was never meant as a plugin."""
    if topic is Topic.REGISTERED:
        return any(is_backup(text_of(twin)) for twin in _twins(context, name))
    is_fatal = context.predictions[name].outcome is Outcome.CRASHES
    return topic is Topic.INTERFACE and not is_fatal and _is_none_meant(context, name)


def _is_none_meant(context: Context, name: bytes) -> bool:
    """Whether a rule about the pattern says that it takes this file too."""
    return is_backup(text_of(name)) or (not context.scan.pattern and b".so" not in name)


def _twins(context: Context, name: bytes) -> Iterator[bytes]:
    """The files with the same plugin path, itself among them."""
    plugins = context.snapshot.plugins
    path = plugins[name].plugin_path
    return (twin for twin, facts in plugins.items() if facts.plugin_path == path)


def _severity(context: Context, name: bytes, row: Requirement) -> Severity:
    """A warning where the file may load, or where nothing is lost when it does not."""
    if row.topic is Topic.REGISTERED:
        twins = [context.snapshot.plugins[twin].registerers for twin in _twins(context, name)]
        return Severity.WARNING if all(twin == twins[0] for twin in twins) else Severity.ERROR
    if row.topic is Topic.INTERFACE and not _is_harmful(context, name):
        return Severity.WARNING
    is_lost = context.predictions[name].is_sure or row.topic in (Topic.PLATFORM, Topic.LIBC)
    return Severity.ERROR if is_lost else Severity.WARNING


def _is_harmful(context: Context, name: bytes) -> bool:
    """Whether a plugin is lost, or KrakenD: not so of a README that the pattern takes too."""
    return b".so" in name or context.predictions[name].outcome is Outcome.CRASHES


def _message(name: str, row: Requirement) -> str:
    told = row.message
    if told.startswith("It"):
        told = told[:1].lower() + told[1:]
    line = f' Log: "{shown(row.log_line, 120)}".' if row.log_line else ""
    return f"{shown(name, 32)}: {shown(told, 200)}{line}"


_BLOCK = '{"plugin": {"pattern": ".so", "folder": "./plugins/"}}'
_MORE = " krakend-tui inspect shows all requirements of a file, with the commands that mend it."

RULES = (
    Rule(
        id="plugin-file-interface",
        severity=Severity.ERROR,
        summary="A file that KrakenD opens is no Go plugin, or exports no registerer.",
        explanation=(
            "What is no shared object (text, a failed download, an archive) is refused by the "
            "system's loader with a DEBUG line, and so is a symlink that leads nowhere. A FIFO "
            "holds KrakenD up; a C library or a file that is cut off kills it. A Go plugin without "
            "HandlerRegisterer, ClientRegisterer or ModifierRegisterer loads and registers "
            "nothing; so does one whose registerer lura does not take (`unknown type`)." + _MORE
        ),
        bad=_BLOCK,
        good=_BLOCK,
        around=(
            "auth.so is the web page of a failed download",
            "auth.so is a Go plugin that exports HandlerRegisterer",
        ),
        source="plugin.Open (plugin_dlopen.go), dlopen(3); measured on KrakenD 2.13.8",
        check=_interface,
    ),
    Rule(
        id="plugin-file-go-version",
        severity=Severity.ERROR,
        summary="A file was built with another Go version than KrakenD.",
        explanation=(
            "Another Go minor version kills KrakenD, or Go refuses the file. Another patch is "
            "refused as soon as a package of Go itself that both have differs; without the "
            "binary that is not known, and the finding is a warning. Only with --krakend: of a "
            "KrakenD that nobody named the Go version is a guess. That two files of different "
            "minor versions do not load together is known without it." + _MORE
        ),
        bad=_BLOCK,
        good=_BLOCK,
        around=(
            "auth.so was built with Go 1.24.1, KrakenD 2.13.8 with 1.25.12",
            "auth.so was built with Go 1.25.12, as KrakenD 2.13.8 was",
        ),
        source="runtime/plugin.go; measured with Go 1.21 to 1.27",
        check=_go_version,
    ),
    Rule(
        id="plugin-file-platform",
        severity=Severity.ERROR,
        summary="A file was built for another platform than KrakenD.",
        explanation=(
            "KrakenD is released for linux/amd64 and linux/arm64. The system's loader refuses a "
            "file of another architecture, and KrakenD says so at DEBUG, in words that name no "
            "architecture: `cannot open shared object file: No such file or directory`." + _MORE
        ),
        bad=_BLOCK,
        good=_BLOCK,
        around=(
            "auth.so is for darwin/arm64, KrakenD for linux/arm64",
            "auth.so is for linux/arm64, as KrakenD is",
        ),
        source="dlopen(3) of glibc 2.36; KrakenD documentation, writing plugins",
        check=_failing(Topic.PLATFORM),
    ),
    Rule(
        id="plugin-file-libc",
        severity=Severity.ERROR,
        summary="A file was built with another C library than KrakenD.",
        explanation=(
            "The Alpine images of KrakenD are built with musl, the Debian and RPM packages with "
            "glibc. The dynamic linker refuses a file that asks for the other one. Only with "
            "--libc, or a binary as --krakend: a release exists for both." + _MORE
        ),
        bad=_BLOCK,
        good=_BLOCK,
        around=(
            "auth.so needs glibc, KrakenD's Alpine image has musl",
            "auth.so needs musl, as KrakenD's Alpine image has",
        ),
        source="dlopen(3) of glibc 2.36; KrakenD documentation, writing plugins",
        check=_failing(Topic.LIBC),
    ),
    Rule(
        id="plugin-file-imports",
        severity=Severity.ERROR,
        summary="A file has a package in another version than KrakenD.",
        explanation=(
            "Go compares a fingerprint of each package that both have, and refuses the file at "
            "the first that differs: `plugin was built with a different version of package X`. "
            "A binary as --krakend tells exactly; of a release only the versions of modules are "
            "compared, and the finding is a warning." + _MORE
        ),
        bad=_BLOCK,
        good=_BLOCK,
        around=(
            "auth.so has golang.org/x/mod v0.1.0, KrakenD 2.13.8 has v0.35.0",
            "auth.so has golang.org/x/mod v0.35.0, as KrakenD 2.13.8 has",
        ),
        source="runtime/plugin.go (pkghashes); measured on KrakenD 2.13.8",
        check=_failing(Topic.IMPORTS),
    ),
    Rule(
        id="plugin-file-already-loaded",
        severity=Severity.ERROR,
        summary="Two files have the same plugin path, and Go opens only the first.",
        explanation=(
            "A plugin's path is its module path (of one that was built from files: a hash of "
            "them). Go opens one file of each path; for the next KrakenD logs `plugin already "
            "loaded` at DEBUG. A copy is refused so, and so is a new version beside the old "
            "one." + _MORE
        ),
        bad=_BLOCK,
        good=_BLOCK,
        around=(
            "auth.so and auth-new.so are both of the module example.com/auth",
            "auth.so is the one file of the module example.com/auth",
        ),
        source="runtime/plugin.go (pluginpath); measured on KrakenD 2.13.8",
        check=_failing(Topic.REGISTERED),
    ),
)
