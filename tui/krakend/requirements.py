"""The requirements of KrakenD's documentation on plugins, judged for one file.

"Right interface", "same Go version", "same architecture/platform" (with its C library), "same
import versions", "registered and injected": krakend documentation, extending/writing-plugins.
`requirements_of` is what the page of the app, `inspect` and the rules call.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial

from tui.krakend.build_command import best_build_command
from tui.krakend.prediction import (
    ALREADY_LOADED,
    NO_MODULE_DATA,
    NOT_PREDICTED,
    Basis,
    Outcome,
    Prediction,
    differing,
    is_standard,
    module_of,
    no_such_libc,
    no_such_library,
    predict,
    same_go,
)
from tui.krakend.releases import modules_of
from tui.krakend.target import Target
from tui.plugin.facts import Certainty, FileKind, PluginFacts, PluginType, Registerer
from tui.plugin.libc import GLIBC, MUSL, numbers, other_libraries


class Status(Enum):
    """NOT_ASKED: it takes a config, and none was given."""

    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_ASKED = "not-asked"


class Topic(Enum):
    """What a requirement is about; the value is its id in output."""

    INTERFACE = "interface"
    GO_VERSION = "go-version"
    PLATFORM = "platform"
    LIBC = "libc"
    IMPORTS = "imports"
    REGISTERED = "registered"
    INJECTED = "injected"


@dataclass(frozen=True, slots=True)
class Requirement:
    """A row. `have` and `want` are short; `message` is a sentence that says why it matters;
    `log_line` are KrakenD's own words for a failure, by which people find it; `fix` is one or
    more lines for a shell, "" when there is no command that mends it. Texts may come from the
    file: make them visible before they reach a terminal.
    """

    topic: Topic
    status: Status
    have: str = ""
    want: str = ""
    message: str = ""
    log_line: str = ""
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a file stands in a config: `order` is its number among the files that KrakenD
    opens, None when it does not open it, for `reason`. `injected` are the places that name one
    of its plugins, as people read them ("service", "GET /v1/orders").
    """

    order: int | None
    reason: str = ""
    pattern: str = ""
    injected: tuple[str, ...] = ()


def requirements_of(
    facts: PluginFacts,
    target: Target,
    *,
    libc: str | None = None,
    prediction: Prediction | None = None,
    placing: Placing | None = None,
) -> tuple[Requirement, ...]:
    """One row for each Topic, in its order, for one file and the KrakenD that is to open it.

    `libc` ("glibc", "musl") is the C library of the target where a release alone does not tell.
    `prediction` is what `predict` says of the file, given when it was judged among the others
    of its folder (`predict_all`). Without `placing` the last two rows are NOT_ASKED.
    """
    prediction = prediction or predict(facts, target, libc)
    judged = _Judge(facts, target, libc, prediction)
    rows = [
        judged.interface(),
        judged.go_version(),
        judged.platform(),
        judged.libc(),
        judged.imports(),
        _registered(placing, prediction),
        _injected(facts, placing),
    ]
    will_fail = prediction.outcome in (Outcome.REFUSED, Outcome.CRASHES)
    if will_fail and not failing(rows):
        rows[0] = replace(
            rows[0],
            status=Status.FAIL,
            message=_because(prediction),
            log_line=prediction.log_line,
        )
    return tuple(rows)


def failing(requirements: Sequence[Requirement]) -> tuple[Requirement, ...]:
    """The rows that fail."""
    return tuple(row for row in requirements if row.status is Status.FAIL)


@dataclass(frozen=True, slots=True)
class _Judge:
    facts: PluginFacts
    target: Target
    given_libc: str | None
    prediction: Prediction

    @property
    def _wanted_libc(self) -> str | None:
        program = self.target.program
        return (program.libc.family if program is not None else None) or self.given_libc

    @property
    def _is_plugin(self) -> bool:
        return self.facts.kind is FileKind.GO_PLUGIN

    @property
    def _by_go(self) -> Prediction:
        """The prediction, where it is Go that refuses the file and not the system before it."""
        words = (_DIFFERENT_VERSION, NO_MODULE_DATA, ALREADY_LOADED)
        is_go = self.prediction.log_line.startswith(words) and self.prediction.twin is None
        return self.prediction if is_go else NOT_PREDICTED

    def _build(self) -> str:
        have = self.facts.libc.family
        arch = self._wanted_arch() or self.facts.goarch or "amd64"
        return best_build_command(self.target, self._wanted_libc or have, arch)

    def _wanted_arch(self) -> str | None:
        program = self.target.program
        head = program.head if program is not None else None
        return head.goarch if head is not None else None

    def interface(self) -> Requirement:
        """The file exports a registerer that the target looks for."""
        facts = self.facts
        usable = [type_ for type_ in PluginType if self._loads_type(type_)]
        want = ", ".join(type_.symbol for type_ in usable[:-1]) + f" or {usable[-1].symbol}"
        fail = partial(Requirement, Topic.INTERFACE, Status.FAIL, want=want)
        if not self._is_plugin:
            what_follows = _what_follows(self.prediction)
            return fail(
                have=facts.problem,
                message=f"It is {facts.problem}, and no Go plugin: {what_follows}",
                log_line=self.prediction.log_line,
                fix=self._build(),
            )
        exported = {found.type for found in facts.registerers}
        if exported & set(usable):
            have = ", ".join(registered(found) for found in facts.registerers)
            return Requirement(Topic.INTERFACE, Status.PASS, have, want, self._about_names())
        if facts.unusable:
            symbol = facts.unusable[0].symbol
            return fail(
                have=symbol,
                message=f"The type of {symbol} lacks its Register method: it registers nothing.",
                log_line=_loader_line(facts.unusable[0]),
            )
        return fail(
            have=", ".join(type_.symbol for type_ in exported) or "none",
            message="No registerer is exported that KrakenD looks for: it registers nothing.",
            log_line=f"symbol {usable[0].symbol} not found in plugin {facts.plugin_path}",
        )

    def _loads_type(self, type_: PluginType) -> bool:
        return type_ is not PluginType.MIDDLEWARE or self.target.has_middleware

    def _about_names(self) -> str:
        if any(found.name is None for found in self.facts.registerers):
            return "A name that is worked out at run time cannot be read from the file."
        if any(found.stem is not None for found in self.facts.registerers):
            return "A modifier registers two names; the config has to name those, not their stem."
        return "These are the names for the config, whatever the file is called."

    def go_version(self) -> Requirement:
        """The same Go release, down to the patch."""
        have = (self.facts.go_version or "").removeprefix("go")
        want = self.target.go or ""
        row = (have, want)
        if not have:
            return _unknown(Topic.GO_VERSION, "", want, "The file states no Go version.")
        if not want:
            message = f"The Go version of {self.target.label} is not public."
            return _unknown(Topic.GO_VERSION, have, "", message)
        if same_go(have, want):
            return Requirement(Topic.GO_VERSION, Status.PASS, *row, "The same Go version.")
        if self.prediction.outcome is Outcome.LOADS:
            message = "Another Go version, but no package that both have differs: it loads."
            return Requirement(Topic.GO_VERSION, Status.PASS, *row, message)
        return Requirement(
            Topic.GO_VERSION,
            Status.FAIL,
            *row,
            f"It was built with Go {have}, {self.target.label} with Go {want}: "
            f"{_what_follows(self._by_go)}",
            self._by_go.log_line or _DIFFERENT_VERSION,
            self._build(),
        )

    def platform(self) -> Requirement:
        """The same operating system and architecture."""
        facts = self.facts
        have = facts.build.platform or ""
        if not have and facts.head is not None:
            have = f"linux/{facts.head.goarch or facts.head.machine}"
        elif not have and facts.kind in (FileKind.MACHO, FileKind.PE):
            have = "macOS" if facts.kind is FileKind.MACHO else "Windows"
        program = self.target.program
        platform = program.build.platform if program is not None else None
        wanted = (platform,) if platform else ("linux/amd64", "linux/arm64")
        want = " or ".join(wanted)
        if not have:
            return _unknown(Topic.PLATFORM, "", want, "The file states no platform.")
        if have in wanted:
            message = "The same platform." if platform else "KrakenD is released for it."
            return Requirement(Topic.PLATFORM, Status.PASS, have, want, message)
        return Requirement(
            Topic.PLATFORM,
            Status.FAIL,
            have,
            want,
            f"It was built for {have}, {self.target.label} for {want}: the system's loader "
            "refuses it.",
            self.prediction.log_line,
            self._build(),
        )

    def libc(self) -> Requirement:
        """The same C library, glibc or musl, and no newer glibc."""
        libc, want = self.facts.libc, self._wanted_libc
        program = self.target.program
        needs = program.libc.needs if program is not None else None
        wanted = f"{want}, GLIBC_{needs}" if want == GLIBC and needs else want or ""
        if libc.family is None:
            have = "" if not self._is_plugin else libc.label
            return _unknown(Topic.LIBC, have, wanted, "The file states no C library.")
        if want is None:
            return _unknown(
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
                f"It was built with {libc.family}, KrakenD with {want}: the dynamic linker "
                "refuses it.",
                no_such_libc(libc, want),
                self._build(),
            )
        if libc.needs and needs and numbers(libc.needs) > numbers(needs):
            message = (
                f"KrakenD itself needs glibc {needs}: on a machine with one older than "
                f"{libc.needs} it runs, and this file is refused."
            )
            line = f"version `GLIBC_{libc.needs}' not found"
            return Requirement(
                Topic.LIBC, Status.UNKNOWN, libc.label, wanted, message, line, self._build()
            )
        others = set(other_libraries(libc.files)) - set(program.libc.files if program else ())
        if others:
            names = ", ".join(sorted(others))
            message = f"The same C library, but it needs {names} too: that must be installed."
            line = no_such_library(min(others), want)
            return Requirement(Topic.LIBC, Status.UNKNOWN, libc.label, wanted, message, line)
        return Requirement(Topic.LIBC, Status.PASS, libc.label, wanted, "The same C library.")

    def imports(self) -> Requirement:
        """The same versions of the modules, and the same packages, that KrakenD has too."""
        program = self.target.program
        if not self._is_plugin:
            return _unknown(Topic.IMPORTS, "", "", "It is no Go plugin.")
        want = program.build.versions if program else modules_of(self.target.release)
        if program is None and (self.target.is_enterprise or not want):
            message = f"The modules of {self.target.label} are not public: give its binary."
            return _unknown(Topic.IMPORTS, "", "", message)
        have: Mapping[str, str] = self.facts.build.versions
        others = differing(have, want)
        if program is not None:
            return self._imports_by_fingerprints(have, want, others)
        shared = sum(path in want for path in have)
        if not others:
            message = "Their versions are right; whether their packages are, the binary tells."
            return Requirement(Topic.IMPORTS, Status.PASS, _shared(shared), "the same", message)
        return self._other_versions(have, want, others)

    def _imports_by_fingerprints(
        self, have: Mapping[str, str], want: Mapping[str, str], others: tuple[str, ...]
    ) -> Requirement:
        program = self.target.program
        assert program is not None
        unlike = [
            package.path
            for package in self.facts.packages
            if program.packages.get(package.path, package.fingerprint) != package.fingerprint
        ]
        shared = _shared(sum(path in want for path in have))
        package = self.prediction.package
        if package is not None and package not in unlike:
            return Requirement(
                Topic.IMPORTS,
                Status.FAIL,
                f"package {package}",
                "the one of the file that is opened first",
                f"{sentence(self.prediction.because)}: of two that differ Go refuses the later.",
                self.prediction.log_line,
            )
        if not unlike:
            message = "No package that both have differs."
            if others:
                message = f"{others[0]} has another version, but no package of it that both have."
            return Requirement(Topic.IMPORTS, Status.PASS, shared, "the same", message)
        modules = {module_of(path, have) for path in unlike if not is_standard(path)}
        guilty = tuple(path for path in others if path in modules)
        if guilty:
            return self._other_versions(have, want, guilty)
        if not same_go(self.facts.go_version, f"go{self.target.go}"):
            message = "Their versions are right; their packages differ by the Go version."
            return Requirement(Topic.IMPORTS, Status.PASS, shared, "the same", message)
        return self._other_flags(unlike)

    def _other_versions(
        self, have: Mapping[str, str], want: Mapping[str, str], others: tuple[str, ...]
    ) -> Requirement:
        fix = [f"go get {path}@{want[path]}" for path in others if _is_plain(want[path])]
        which = others[0] if len(others) == 1 else f"{len(others)} modules"
        sure = "" if self.prediction.basis is Basis.FINGERPRINTS else " likely"
        return Requirement(
            Topic.IMPORTS,
            Status.FAIL,
            ", ".join(f"{path} {have[path]}" for path in others),
            ", ".join(f"{path} {want[path]}" for path in others),
            f"{which} in another version than {self.target.label} has: Go{sure} refuses the file.",
            self._by_go.log_line or _DIFFERENT_VERSION,
            "\n".join([*fix, "go mod tidy"]) if fix else "",
        )

    def _other_flags(self, unlike: Sequence[str]) -> Requirement:
        """Equal versions and other packages: other flags, or another place of the sources."""
        assert self.target.program is not None
        have = build_flags(self.facts.build.settings)
        want = build_flags(self.target.program.build.settings)
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
            self.prediction.log_line,
            self._build(),
        )


_DIFFERENT_VERSION = "plugin was built with a different version of package"
_FLAGS = ("-trimpath", "-race", "-msan", "-asan", "-gcflags", "-tags", "-cover", "-covermode")


def build_flags(settings: Mapping[str, str]) -> tuple[str, ...]:
    """The flags that change what packages are compiled to, as one would type them."""
    found = ((flag, settings.get(flag)) for flag in _FLAGS)
    return tuple(flag if value == "true" else f"{flag}={value}" for flag, value in found if value)


def registered(found: Registerer) -> str:
    """For people: `http-server my-plugin`, with how sure it is where it is not exact."""
    if found.name is None:
        return f"{found.type.value} a name that cannot be read"
    sure = "" if found.certainty is Certainty.EXACT else f" ({found.certainty.value})"
    return f"{found.type.value} {found.name}{sure}"


def _because(prediction: Prediction) -> str:
    cause = sentence(prediction.because)
    return f"{cause}: {_what_follows(prediction)}" if prediction.log_line else f"{cause}."


def _loader_line(type_: PluginType) -> str:
    """What lura says of a registerer without its method (the three plugin.go and modifier.go)."""
    loaders = {
        PluginType.SERVER: "http-server-handler ",
        PluginType.CLIENT: "http-request-executor ",
        PluginType.MODIFIER: "modifier ",
    }
    return f"{loaders.get(type_, '')}plugin loader: unknown type"


def _what_follows(prediction: Prediction) -> str:
    if prediction.outcome is Outcome.CRASHES:
        return "KrakenD dies when it opens it."
    if prediction.outcome is Outcome.REFUSED:
        return "KrakenD does not load it and says so at DEBUG only."
    return "KrakenD likely does not load it."


def _shared(number: int) -> str:
    if not number:
        return "no module that KrakenD has too"
    return f"{number} module{'s' if number > 1 else ''} that KrakenD has too"


def _is_plain(version: str) -> bool:
    return version.startswith("v") and " " not in version


def _unknown(topic: Topic, have: str, want: str, message: str) -> Requirement:
    return Requirement(topic, Status.UNKNOWN, have, want, message)


def sentence(clause: str) -> str:
    """A clause with a capital: what follows it is the caller's."""
    return clause[:1].upper() + clause[1:]


def _registered(placing: Placing | None, prediction: Prediction) -> Requirement:
    if prediction.twin is not None and (placing is None or placing.order is not None):
        return Requirement(
            Topic.REGISTERED,
            Status.FAIL,
            "not loaded",
            "a plugin path of its own",
            f"{sentence(prediction.because)}: Go opens only the first of them.",
            ALREADY_LOADED,
            "go mod edit -module NEW/PATH",
        )
    if placing is None:
        return Requirement(
            Topic.REGISTERED, Status.NOT_ASKED, message="--config CONFIG says whether it is loaded."
        )
    want = f'a name that contains "{placing.pattern}"'
    if placing.order is not None:
        message = "KrakenD opens the files of the folder in the order of their names."
        have = f"number {placing.order} in load order"
        return Requirement(Topic.REGISTERED, Status.PASS, have, want, message)
    message = f"KrakenD does not open it: it {placing.reason}."
    return Requirement(Topic.REGISTERED, Status.FAIL, "not opened", want, message)


def _injected(facts: PluginFacts, placing: Placing | None) -> Requirement:
    if placing is None:
        return Requirement(
            Topic.INJECTED, Status.NOT_ASKED, message="--config CONFIG says where it is used."
        )
    names = [found for found in facts.registerers if found.name is not None]
    want = ", ".join(f"{found.name} in {found.type.namespace}" for found in names)
    if placing.injected:
        message = "The config names it there."
        return Requirement(Topic.INJECTED, Status.PASS, ", ".join(placing.injected), want, message)
    if len(names) < len(facts.registerers):
        message = "Its name cannot be read, so it cannot be looked for in the config."
        return _unknown(Topic.INJECTED, "", want, message)
    if not names:
        return _unknown(Topic.INJECTED, "", "", "It registers no name that a config could have.")
    message = "No extra_config names it: it is loaded and never runs."
    return Requirement(Topic.INJECTED, Status.FAIL, "nowhere", want, message)
