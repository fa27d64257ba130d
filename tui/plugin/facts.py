"""What is known of one plugin file, as plain values."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from tui.plugin.elf_head import ElfHead
from tui.plugin.fingerprints import Layout, Package
from tui.plugin.gobuildinfo import NO_BUILD_INFO, BuildInfo
from tui.plugin.libc import NO_LIBC, Libc


class PluginType(Enum):
    """The plugin types of KrakenD; the value is the word used in output.

    `namespace` is the extra_config key that injects it, `symbol` the exported registerer
    (lura transport/http/server/plugin, transport/http/client/plugin, proxy/plugin; the
    middleware is Enterprise only).
    """

    SERVER = "http-server"
    CLIENT = "http-client"
    MODIFIER = "req-resp-modifier"
    MIDDLEWARE = "middleware"

    # Enum's own is written in Python, and each name of a large config is looked up by its type.
    __hash__ = object.__hash__

    @property
    def namespace(self) -> str:
        return f"plugin/{self.value}"

    @property
    def symbol(self) -> str:
        return _SYMBOLS[self]


_SYMBOLS = {
    PluginType.SERVER: "HandlerRegisterer",
    PluginType.CLIENT: "ClientRegisterer",
    PluginType.MODIFIER: "ModifierRegisterer",
    PluginType.MIDDLEWARE: "MiddlewareRegisterer",
}


class Certainty(Enum):
    """How sure a registered name is.

    EXACT: the registerer object itself holds the string (server, client, middleware).
    INITIAL_VALUE: read from the variable it is built from, or a modifier's stem with its
    suffix. STRING_PRESENT: a literal that the Register method's code passes on; for a
    configured name, its bytes occur in the file. UNKNOWN: the name cannot be read from the
    file.
    """

    EXACT = "exact"
    INITIAL_VALUE = "initial-value"
    STRING_PRESENT = "string-present"
    UNKNOWN = "unknown"


class Registerer(NamedTuple):
    """A name that a file registers for a type; `name` is None when it cannot be read.

    A modifier whose file holds both suffix strings yields two of these (`x-request` and
    `x-response`); `stem` is then the registerer's own string, else None.
    """

    type: PluginType
    name: str | None
    certainty: Certainty
    stem: str | None = None

    @property
    def label(self) -> str:
        """For people: `http-server my-plugin`, with how sure it is where it is not exact."""
        if self.name is None:
            return f"{self.type.value} a name that cannot be read"
        sure = "" if self.certainty is Certainty.EXACT else f" ({self.certainty.value})"
        return f"{self.type.value} {self.name}{sure}"


class FileKind(Enum):
    """What the bytes are. Only GO_PLUGIN can register anything."""

    GO_PLUGIN = "go-plugin"
    ELF = "elf"
    MACHO = "macho"
    PE = "pe"
    GZIP = "gzip"
    HTML = "html"
    TEXT = "text"
    EMPTY = "empty"
    DATA = "data"


class PluginFacts(NamedTuple):
    """What the bytes of one file tell. `problem` says in words what it is when it is no Go
    plugin, as a noun phrase ("an empty file"); else it is empty.

    `plugin_path` is Go's path of the plugin (two files with the same one: "plugin already
    loaded" for the second). `build` is Go's build info, `libc` the C library, `head` what the
    first bytes of an ELF file say (None for other files), `packages` the fingerprints of its
    packages in the order in which Go compares them, and `layout` that of Go's module data:
    another one is another Go. `unusable` are the types whose registerer is there and is none for
    KrakenD ("unknown type"); `hint` is why, or what may be meant as a registerer, as a clause.
    `is_readable` is False for an ELF file without a usable section table, of which little more
    than the head is known. `size` is the file's in bytes, `sha256` its hash in hex.
    """

    kind: FileKind
    registerers: tuple[Registerer, ...] = ()
    problem: str = ""
    plugin_path: str | None = None
    build: BuildInfo = NO_BUILD_INFO
    literals: frozenset[str] = frozenset()
    """Those of the names asked for whose bytes occur in the file (weak: see Certainty)."""
    head: ElfHead | None = None
    libc: Libc = NO_LIBC
    packages: tuple[Package, ...] = ()
    layout: Layout | None = None
    unusable: tuple[PluginType, ...] = ()
    hint: str = ""
    is_stripped: bool = False
    is_readable: bool = True
    size: int = 0
    sha256: str = ""

    @property
    def machine(self) -> str | None:
        """What the file was built for, as ELF names it ("x86-64")."""
        return self.head.machine if self.head is not None else None

    @property
    def go_version(self) -> str | None:
        """As in Go's build info ("go1.25.5")."""
        return self.build.go_version

    @property
    def goos(self) -> str | None:
        """As in Go's build info ("linux")."""
        return self.build.settings.get("GOOS")

    @property
    def goarch(self) -> str | None:
        """As in Go's build info ("amd64")."""
        return self.build.settings.get("GOARCH")
