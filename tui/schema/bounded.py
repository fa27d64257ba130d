"""jsonschema's validators with a bound on their work, so that no schema can hang the program.

The bound counts steps, not seconds: the same schema and instance give the same answer on
every machine. Regular expressions are matched by jsonschema-rs, whose engine takes ECMA 262
patterns as schemas are written with, and gives up after a number of backtracking steps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator

MAX_STEPS = 30_000
"""Keywords applied, plus members and items looked at; well under a second of Python."""
MAX_BACKTRACKS = 10_000
"""Per match of one pattern against one text; less than a millisecond."""
MAX_DEPTH = 100
"""Keywords within keywords; each takes about four of Python's frames, of which there are 1,000."""
_STEPS_PER_MATCH = 20
_CHARACTERS_PER_STEP = 1_000
_COMPARISONS_PER_STEP = 64
"""What else a step stands for: matching texts, and comparing the items of a list."""


class SchemaTooSlow(Exception):
    """The work that the schema asks for has no end in sight."""


class NestedTooDeeply(RecursionError):
    """The schema goes down into the value, or into itself, beyond MAX_DEPTH.

    Raised before Python's own: in Python 3.10 that can come up inside the Rust code of
    `rpds`, which then panics with an exception that is no Exception.
    """


class BadPattern(Exception):
    """A regular expression of the schema is none; the argument is its text."""


class _Budget:
    __slots__ = ("depth", "left")

    def __init__(self) -> None:
        self.left = MAX_STEPS
        self.depth = 0

    def charge(self, steps: int) -> None:
        self.left -= steps
        if self.left < 0:
            raise SchemaTooSlow

    @contextmanager
    def level(self) -> Iterator[None]:
        if self.depth == MAX_DEPTH:
            raise NestedTooDeeply
        self.depth += 1
        try:
            yield
        finally:
            self.depth -= 1


_budget: ContextVar[_Budget] = ContextVar("schema_budget")


@contextmanager
def budget() -> Iterator[None]:
    """Within it, the validators of `bounded_class` raise SchemaTooSlow after MAX_STEPS steps, and
    NestedTooDeeply beyond MAX_DEPTH."""
    token = _budget.set(_Budget())
    try:
        yield
    finally:
        _budget.reset(token)


@cache
def bounded_class(base: type[Validator]) -> type[Validator]:
    """`base` (a draft's validator class) with every keyword charged to the current budget.

    It must be used inside `budget()`. `unevaluatedProperties` is not judged where it would
    have to match patterns, since jsonschema does that without a bound: see `without`.
    """
    from jsonschema.validators import extend

    keywords = {name: _charged(name, function) for name, function in base.VALIDATORS.items()}
    own = {
        "pattern": _pattern,
        "patternProperties": _pattern_properties,
        "additionalProperties": _additional_properties,
        "propertyNames": _property_names,
        "required": _required,
    }
    keywords |= {name: _charged(name, own[name]) for name in own if name in keywords}
    extended: type[Validator] = extend(base, validators=keywords)  # type: ignore[no-untyped-call]
    return extended


@cache
def without_unevaluated_properties(base: type[Validator]) -> type[Validator]:
    """`bounded_class(base)` for schemas that have patternProperties: see there."""
    from jsonschema.validators import extend

    extended: type[Validator] = extend(  # type: ignore[no-untyped-call]
        bounded_class(base), validators={"unevaluatedProperties": _nothing}
    )
    return extended


def _nothing(_validator: Any, _value: Any, _instance: Any, _schema: Any) -> Iterator[Any]:
    return iter(())


def _charged(name: str, function: Any) -> Any:
    def keyword(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[Any]:
        steps = 1
        if isinstance(instance, (list, dict)):
            size = len(instance)
            steps += size * size // _COMPARISONS_PER_STEP if name == "uniqueItems" else size
        current = _budget.get()
        current.charge(steps)
        with current.level():
            yield from function(validator, value, instance, schema) or ()

    return keyword


def _matches(pattern: str, text: str) -> bool:
    _budget.get().charge(_STEPS_PER_MATCH + len(text) // _CHARACTERS_PER_STEP)
    return matches(pattern, text)


def matches(pattern: str, text: str) -> bool:
    """Whether the ECMA 262 `pattern` occurs in `text`.

    Raises BadPattern, or SchemaTooSlow when it takes more than MAX_BACKTRACKS.
    """
    import jsonschema_rs

    # A lone surrogate has no UTF-8 form; U+FFFD stands for it, as in Go's decoder.
    safe = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    for error in _pattern_validator(pattern).iter_errors(safe):
        if isinstance(error.kind, jsonschema_rs.ValidationErrorKind.Pattern):
            return False
        raise SchemaTooSlow
    return True


@lru_cache(maxsize=256)
def _pattern_validator(pattern: str) -> Any:
    import jsonschema_rs

    try:
        return jsonschema_rs.Draft202012Validator(
            {"pattern": pattern},
            pattern_options=jsonschema_rs.FancyRegexOptions(backtrack_limit=MAX_BACKTRACKS),
        )
    except (jsonschema_rs.ValidationError, UnicodeEncodeError):
        raise BadPattern(pattern) from None


def _pattern(
    _validator: Any, pattern: str, instance: Any, _schema: Any
) -> Iterator[ValidationError]:
    from jsonschema.exceptions import ValidationError

    if isinstance(instance, str) and not _matches(pattern, instance):
        yield ValidationError("pattern")


def _pattern_properties(
    validator: Any, patterns: Mapping[str, Any], instance: Any, _schema: Any
) -> Iterator[ValidationError]:
    if isinstance(instance, dict):
        for pattern, schema in patterns.items():
            for key, value in instance.items():
                if _matches(pattern, key):
                    yield from validator.descend(value, schema, path=key, schema_path=pattern)


def _additional_properties(
    validator: Any, extra: Any, instance: Any, schema: Mapping[str, Any]
) -> Iterator[ValidationError]:
    """One error a key, each at its member, so that a finding can point at it."""
    from jsonschema.exceptions import ValidationError

    if not isinstance(instance, dict):
        return
    known = schema.get("properties", {})
    patterns = schema.get("patternProperties", {})
    for key, value in instance.items():
        if key in known or any(_matches(pattern, key) for pattern in patterns):
            continue
        if extra is False:
            yield ValidationError("additionalProperties", path=[key])
        else:
            yield from validator.descend(value, extra, path=key)


def _property_names(
    validator: Any, names: Any, instance: Any, _schema: Any
) -> Iterator[ValidationError]:
    """One error a key, at its member."""
    from jsonschema.exceptions import ValidationError

    for key in instance if isinstance(instance, dict) else ():
        if next(validator.descend(key, names), None) is not None:
            yield ValidationError("propertyNames", path=[key])


def _required(_validator: Any, keys: Any, instance: Any, _schema: Any) -> Iterator[ValidationError]:
    """One error a missing key; its message is the key alone."""
    from jsonschema.exceptions import ValidationError

    if isinstance(instance, dict):
        for key in keys:
            if key not in instance:
                yield ValidationError(key)
