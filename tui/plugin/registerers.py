"""The registered names of a Go plugin, as far as its bytes hold them.

lura looks up one variable a type (transport/http/server/plugin, transport/http/client/plugin,
proxy/plugin) and calls its Register method with a function, to which the method may pass any
name. KrakenD's templates make the variable a string and pass that string, so its value is read:
from the variable itself or, when it is only filled as the plugin is initialised, from the
variable that the initialisation takes it from. Literals that the method passes are names too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from tui.plugin.code import Does, Step, loaded_strings, passed_strings, steps
from tui.plugin.elf import STT_FUNC, STT_OBJECT, Elf, Symbol
from tui.plugin.facts import Certainty, PluginType, Registerer

_STRING_SIZE: Final = 16
_LONGEST_NAME: Final = 1024
_MOST_METHODS: Final = 8  # a type's own method and the wrapper for its pointer, and some more
_NAME_VARIABLE: Final = b"pluginName"
_METHODS: Final = {
    PluginType.SERVER: b".RegisterHandlers",
    PluginType.CLIENT: b".RegisterClients",
    PluginType.MODIFIER: b".RegisterModifiers",
    PluginType.MIDDLEWARE: b".RegisterMiddlewares",
}
# The types that lura asserts (the Registerer interface of each loader), as Go spells a type in
# the type data: a plugin whose method has another one does not hold these bytes.
_SIGNATURES: Final = {
    PluginType.SERVER: b"func(func(string, func(context.Context, map[string]interface {}, "
    b"http.Handler) (http.Handler, error)))",
    PluginType.CLIENT: b"func(func(string, func(context.Context, map[string]interface {}) "
    b"(http.Handler, error)))",
    PluginType.MODIFIER: b"func(func(string, func(map[string]interface {}) func(interface {}) "
    b"(interface {}, error), bool, bool))",
}
# What the type data of every Go program holds: without it, nothing is known of types.
_SOME_TYPE: Final = b"*func("
_INTERFACES: Final = b"go:itab."
_POINTER_SIZE: Final = 8
_POINTED: Final = re.compile(rb"\.\(\*(\w+)\)\.")
_REGISTERERS: Final = {plugin_type.symbol.encode() for plugin_type in PluginType}
_SUFFIXES: Final = ("-request", "-response")


def read_registerers(
    elf: Elf, path: bytes
) -> tuple[tuple[Registerer, ...], tuple[PluginType, ...], str]:
    """What the plugin with this path (as its symbols spell it) registers, in PluginType's order,
    the types whose registerer is exported but is none for lura ("unknown type"), and why the
    first of those is none, or what may be meant as one where none is exported: a clause.

    Every other type whose registerer is exported has one Registerer at least. The methods of an
    exported variable's type are all linked, each with a symbol of its own, whichever package the
    type is from (cmd/link deadcode.go: what reflection can reach).
    """
    package = _Package(elf, path)
    found: list[Registerer] = []
    unusable: dict[PluginType, str] = {}
    for plugin_type in PluginType:
        symbol = package.symbols.get(plugin_type.symbol.encode())
        if symbol is None or symbol.type not in (STT_OBJECT, STT_FUNC):
            continue
        fault = _fault(package, plugin_type, symbol)
        if fault:
            unusable[plugin_type] = fault
            continue
        names = list(_names(package, plugin_type, symbol))
        found.extend(names or [Registerer(plugin_type, None, Certainty.UNKNOWN)])
    hint = next(iter(unusable.values()), "" if found else _meant(package))
    return tuple(found), tuple(unusable), hint


def _fault(package: _Package, plugin_type: PluginType, symbol: Symbol) -> str:
    """Why lura cannot use the exported symbol: plugin.Lookup gives a function as it is, and of a
    variable the pointer to it, which has the methods of the variable's type only when that is
    neither a pointer nor an interface itself."""
    name, method = plugin_type.symbol, _METHODS[plugin_type][1:].decode()
    if symbol.type == STT_FUNC:
        return f"{name} is a function, not a variable"
    methods = package.elf.symbols_ending(_METHODS[plugin_type])
    if not methods:
        others = sorted(_last(other) for other in package.symbols if b".Register" in other)
        has = f": it has {others[0]}" if others else ""
        return f"the type of {name} lacks the method {method}{has}"
    signature = _SIGNATURES.get(plugin_type, b"")
    if package.elf.holds(_SOME_TYPE) and not package.elf.holds(signature):
        return f"{method} has other parameters than KrakenD's interface asks for"
    if package.is_pointer(symbol, methods):
        return f"{name} is a pointer, and must be the value that it points to"
    if package.is_interface(symbol, methods):
        return f"{name} is a variable of an interface type, and must be of the type itself"
    return ""


def _has_method(type_: bytes, methods: set[bytes]) -> bool:
    """Whether a type, as the name of an interface table has it, is that of one of the methods."""
    if type_.startswith(b"*"):
        package, _, name = type_[1:].rpartition(b".")
        type_ = package + b".(*" + name + b")"
    return any(method.startswith(type_ + b".") for method in methods)


def _meant(package: _Package) -> str:
    """The exported variables that are called much like a registerer."""
    names = [name for name in package.symbols if re.fullmatch(rb"[A-Z]\w*", name)]
    likely = sorted(name.decode() for name in names if b"regist" in name.lower())
    return f"it has {likely[0]}" if likely else ""


def _last(symbol: bytes) -> str:
    """The method's own name in that of its symbol."""
    found = re.search(rb"\.(Register\w*)", symbol)
    return _text(found[1]) or "" if found else ""


class _Package:
    """The plugin's own package: its symbols by name, its string variables by address."""

    def __init__(self, elf: Elf, path: bytes) -> None:
        self.elf = elf
        prefix = path + b"."
        self.symbols = {symbol.name[len(prefix) :]: symbol for symbol in elf.symbols(prefix)}
        self.initialisation = self.code(b"init")
        self.strings = {
            symbol.address: value
            for name, symbol in self.symbols.items()
            if name not in _REGISTERERS and b"." not in name and b"/" not in name
            for value in (self.string(symbol),)
            if value is not None
        }

    def string(self, symbol: Symbol) -> str | None:
        """The text of a variable that is a string, or a struct of one, set at compile time."""
        if symbol.type != STT_OBJECT or symbol.size != _STRING_SIZE:
            return None
        value = self.elf.string(symbol.address, _LONGEST_NAME)
        return _text(value) if value is not None else None

    def is_pointer(self, symbol: Symbol, methods: set[bytes]) -> bool:
        """Whether a variable holds the address of a value that has the method: then the type
        data has the pointer to such a pointer, which is what plugin.Lookup gives."""
        types = {name for name in map(_POINTED.search, methods) if name is not None}
        return symbol.size == _POINTER_SIZE and any(
            self.elf.holds(b"**main." + found[1]) for found in types
        )

    def is_interface(self, symbol: Symbol, methods: set[bytes]) -> bool:
        """Whether the first word of a variable says that a type with the method is in an
        interface (a struct may begin with an interface of something else)."""
        first = self.elf.pointer(symbol.address) if symbol.size == _STRING_SIZE else None
        tables = self.elf.symbols(_INTERFACES) if first is not None else ()
        types = [table.name[len(_INTERFACES) :] for table in tables if table.address == first]
        return any(_has_method(name.partition(b",")[0], methods) for name in types)

    def code(self, name: bytes) -> list[Step]:
        """The steps of the package's function of that name."""
        symbol = self.symbols.get(name)
        return steps(self.elf, symbol) if symbol and symbol.type == STT_FUNC else []

    def method_code(self, plugin_type: PluginType) -> list[list[Step]]:
        """The steps of each Register method of that type."""
        method = _METHODS[plugin_type]
        names = [name for name in self.symbols if name.endswith(method)]
        return [self.code(name) for name in names[:_MOST_METHODS]]


def _names(package: _Package, plugin_type: PluginType, symbol: Symbol) -> Iterator[Registerer]:
    methods = package.method_code(plugin_type)
    passed = [_text(text) for code in methods for text in passed_strings(package.elf, code)]
    value = package.string(symbol)
    certainty = Certainty.EXACT
    if value is None:
        value = _initial_value(package, symbol, methods, bool(passed))
        certainty = Certainty.INITIAL_VALUE
    if value is not None and plugin_type is PluginType.MODIFIER:
        halves = _modifiers(package, value, methods, bool(passed))
        yield from halves
        passed = [name for name in passed if name not in {half.name for half in halves}]
    elif value is not None:
        yield Registerer(plugin_type, value, certainty)
    for name in dict.fromkeys(passed):
        if name is not None and name != value:
            yield Registerer(plugin_type, name, Certainty.STRING_PRESENT)


def _initial_value(
    package: _Package, registerer: Symbol, methods: list[list[Step]], passes_literals: bool
) -> str | None:
    """The string variable that a registerer without a value of its own stands for.

    The one that the initialisation loads just before it stores the registerer; else the only
    one that the Register method loads; else `pluginName`, as KrakenD's templates call it.
    """
    latest = None
    for step in package.initialisation:
        if step.does in (Does.CALL, Does.CALL_VALUE):
            latest = None
        elif step.does is Does.VARIABLE and step.value == registerer.address:
            if latest is not None:
                return latest
            break
        elif step.does is Does.VARIABLE:
            latest = package.strings.get(step.value, latest)
    loaded = {step.value for code in methods for step in code if step.does is Does.VARIABLE}
    values = [value for address, value in package.strings.items() if address in loaded]
    if len(values) == 1:
        return values[0]
    named = package.symbols.get(_NAME_VARIABLE)
    return package.strings.get(named.address) if named and not passes_literals else None


def _modifiers(
    package: _Package, stem: str, methods: list[list[Step]], passes_literals: bool
) -> list[Registerer]:
    """A modifier's names: the stem with the suffixes that its Register method appends.

    The suffixes count only where the method's code loads them: as bare bytes they occur in many
    files (`single-request-reopen` comes with Go's own resolver). So do the whole names, which
    a constant and a suffix make at compile time. A method that loads no literal at all passes
    the stem itself; one that loads others, or whose code is not here, leaves the names unknown.
    """
    loaded = {text for code in methods for text in loaded_strings(package.elf, code)}
    halves = [
        Registerer(PluginType.MODIFIER, stem + suffix, Certainty.INITIAL_VALUE, stem)
        for suffix in _SUFFIXES
        if suffix.encode() in loaded or (stem + suffix).encode() in loaded
    ]
    if halves or loaded or passes_literals or not any(methods):
        return halves
    return [Registerer(PluginType.MODIFIER, stem, Certainty.INITIAL_VALUE)]


def _text(value: bytes) -> str | None:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return None
