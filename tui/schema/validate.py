"""Findings of a schema about a node of the config, at its place in the text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from tui.diagnostic import Diagnostic, Severity, Span
from tui.document import pointer as pointers
from tui.document.tree import JsonNode
from tui.schema import words
from tui.schema.bounded import (
    MAX_BACKTRACKS,
    BadPattern,
    SchemaTooSlow,
    bounded_class,
    budget,
    without_unevaluated_properties,
)
from tui.schema.load import load_schema, local_registry
from tui.visible import visible

if TYPE_CHECKING:
    import jsonschema_rs
    from jsonschema.exceptions import SchemaError, _Error
    from jsonschema.protocols import Validator

RULE = "schema"
"""Id of the findings about the config."""
RULE_UNUSABLE = "schema-unusable"
"""Id of the finding that a schema cannot be used, so that nothing was checked by it."""
MAX_FINDINGS = 50
"""Per entry: more would not be read."""


class Checker:
    """A schema made ready once, to validate many nodes.

    `source` names the schema in findings about the schema itself, such as its file's name.
    Any JSON value is taken as a schema: one that is none, asks for other documents or takes
    too long is a finding, never an exception, and nothing is fetched for it.
    """

    def __init__(self, schema: Any, source: str) -> None:
        self._source = source
        self._problem: str | None = None
        self._validator: Validator | None = None
        try:
            self._validator = _validator_of(schema)
        except _NotASchema as error:
            self._problem = f"is no JSON Schema: {error}"

    @classmethod
    def broken(cls, problem: str, source: str) -> Checker:
        """One that only says that `source` cannot be used, and why (`is no JSON`)."""
        checker = cls(True, source)
        checker._validator, checker._problem = None, problem
        return checker

    def validate(
        self, node: JsonNode, pointer: str, *, top: str = "this entry"
    ) -> list[Diagnostic]:
        """What is wrong with `node`, which stands at `pointer`; `top` is what it is called."""
        if self._validator is None:
            return [self._unusable(self._problem or "", node, pointer)]
        found: list[Diagnostic] = []
        try:
            with budget():
                errors = self._validator.iter_errors(node.value())
                for error in islice(_explained(errors), MAX_FINDINGS):
                    finding = _finding(error, node, pointer, top)
                    if finding not in found:
                        found.append(finding)
        except _problems_of_use() as error:
            return [self._unusable(_problem_in_words(error), node, pointer)]
        return sorted(found, key=lambda finding: finding.span)

    def _unusable(self, problem: str, node: JsonNode, pointer: str) -> Diagnostic:
        return Diagnostic(
            RULE_UNUSABLE,
            Severity.WARNING,
            f"Not checked: {visible(self._source)} {problem}.",
            pointer,
            node.span,
        )


def validate(schema_name: str, node: JsonNode, pointer: str) -> list[Diagnostic]:
    """What our schema `schema_name` ("plugin", "http-server", ...) finds in `node`.

    Rule id `schema`. The pointer is that of the failing value; for a missing key that of the
    object that lacks it. Severity: error where KrakenD does not start or a plugin does not
    run, by the schema's own `x-faults`; else warning, since KrakenD's lint alone complains.

    jsonschema-rs tells what is right, in a fiftieth of the time; jsonschema tells what is wrong
    with the rest, and is imported for that only.
    """
    if is_right(schema_name, node.value()):
        return []
    return _own(schema_name).validate(node, pointer, top=_TOPS.get(schema_name, "this entry"))


_TOPS = {"plugin": "the `plugin` block"}


def is_right(schema_name: str, value: Any) -> bool:
    """Whether our schema finds nothing, as far as jsonschema-rs can tell: it does not take
    lone surrogates, and has no bound but for patterns."""
    try:
        return bool(_quick(schema_name).is_valid(value))
    except ValueError:
        return False


@cache
def _quick(name: str) -> jsonschema_rs.Validator:
    import jsonschema_rs

    return jsonschema_rs.validator_for(
        dict(load_schema(name)),
        pattern_options=jsonschema_rs.FancyRegexOptions(backtrack_limit=MAX_BACKTRACKS),
    )


@cache
def _own(name: str) -> Checker:
    return Checker(load_schema(name), name)


class _NotASchema(Exception):
    """The argument says in words why."""


def _validator_of(schema: Any) -> Validator:
    from jsonschema import Draft202012Validator, FormatChecker
    from jsonschema.exceptions import SchemaError
    from jsonschema.validators import validator_for

    if not isinstance(schema, (Mapping, bool)):
        raise _NotASchema(f"it is {words.with_article(words.type_name(schema))}")
    dialect = schema.get("$schema") if isinstance(schema, Mapping) else None
    if dialect is not None and not isinstance(dialect, str):
        raise _NotASchema("its `$schema` is no string")
    base: type[Validator] = validator_for({"$schema": dialect or ""}, default=Draft202012Validator)
    try:
        plain = _without_dialects(schema)
        # mypy: the protocol lacks this argument, the classes have it.
        base.check_schema(plain, format_checker=FormatChecker(formats=()))  # type: ignore[call-arg]
    except SchemaError as error:
        raise _NotASchema(_schema_fault(error)) from None
    except RecursionError:
        raise _NotASchema("it is nested too deeply") from None
    wanted = without_unevaluated_properties if _matches_keys(plain) else bounded_class
    try:
        return wanted(base)(plain, registry=local_registry())
    except ValueError:
        raise _NotASchema("its `$id` is no URI") from None


def _schema_fault(error: SchemaError) -> str:
    """The first fault that the metaschema finds, with its pointer in the schema."""
    fault = next(_explained(iter([error])))
    path = list(fault.absolute_path)
    place = f" (at {visible(pointers.join(map(str, path)))})" if path else ""
    return words.sentence(fault, words.subject(path, "it")) + place


def _without_dialects(schema: Any) -> Any:
    """`schema` without `"$schema": "..."`: a nested one would switch to an unbounded class."""
    if isinstance(schema, Mapping):
        return {
            key: _without_dialects(value)
            for key, value in schema.items()
            if not (key == "$schema" and isinstance(value, str))
        }
    if isinstance(schema, list):
        return [_without_dialects(item) for item in schema]
    return schema


def _matches_keys(schema: Any) -> bool:
    if isinstance(schema, Mapping):
        return "patternProperties" in schema or any(map(_matches_keys, schema.values()))
    return isinstance(schema, list) and any(map(_matches_keys, schema))


@cache
def _problems_of_use() -> tuple[type[Exception], ...]:
    """What a well-formed schema can still raise while it is applied."""
    from referencing.exceptions import Unresolvable

    # ValueError: a $ref that urllib takes for a malformed address. jsonschema.exceptions
    # wraps an Unresolvable in a private class that derives from it.
    return (SchemaTooSlow, BadPattern, RecursionError, ValueError, Unresolvable)


def _problem_in_words(error: Exception) -> str:
    if isinstance(error, SchemaTooSlow):
        return "takes too long on this value (schema too slow)"
    if isinstance(error, BadPattern):
        return f"has a pattern that is no regular expression: {words.quoted(error.args[0])}"
    if isinstance(error, RecursionError):
        return "refers to itself without end, or this value is nested too deeply for it"
    ref = words.quoted(getattr(error, "ref", "?"))
    return f"refers to {ref}, which is not in the schema itself; nothing is fetched for it"


def _explained(errors: Iterator[_Error]) -> Iterator[_Error]:
    """Each anyOf or oneOf that fits nowhere replaced by what its best branch lacks."""
    for error in errors:
        branch = _best_branch(error) if error.validator in ("anyOf", "oneOf") else []
        if branch:
            yield from _explained(iter(branch))
        else:
            yield error


def _best_branch(error: _Error) -> list[_Error]:
    """The errors of the branch that was most likely meant; none when all have another type."""
    branches: dict[Any, list[_Error]] = {}
    for inner in error.context or ():
        # A branch that is just `false` has no path, and nobody can have meant it.
        if inner.relative_schema_path:
            branches.setdefault(inner.relative_schema_path[0], []).append(inner)
    if not branches:
        return []
    if all(_is_of_other_type(branch) for branch in branches.values()):
        return _one_type_error(error, branches)
    return min(branches.values(), key=_distance)


def _is_of_other_type(branch: Sequence[_Error]) -> bool:
    return any(error.validator == "type" and not error.relative_path for error in branch)


def _one_type_error(error: _Error, branches: Mapping[Any, Sequence[_Error]]) -> list[_Error]:
    """`must be a string or a list` instead of the first branch's `must be a string`."""
    from jsonschema.exceptions import ValidationError

    types: list[Any] = []
    for branch in branches.values():
        for inner in branch:
            if inner.validator == "type" and not inner.relative_path:
                wanted = inner.validator_value
                types += wanted if isinstance(wanted, list) else [wanted]
    merged = ValidationError(
        "type",
        validator="type",
        path=error.relative_path,
        instance=error.instance,
        schema=error.schema,
        validator_value=list(dict.fromkeys(types)),
        parent=error.parent,
    )
    return [merged]


def _distance(branch: Sequence[_Error]) -> tuple[bool, int, int, int]:
    """How far a branch is from fitting: another type, another constant, then fewer faults."""
    constants = sum(error.validator in ("const", "enum") for error in branch)
    deepest = max(len(error.relative_path) for error in branch)
    return (_is_of_other_type(branch), constants, len(branch), -deepest)


def _finding(error: _Error, node: JsonNode, pointer: str, top: str) -> Diagnostic:
    path = list(error.absolute_path)
    severity, consequence = _fault(error)
    text = words.sentence(error, words.subject(path, top))
    message = text[0].upper() + text[1:] + (f": {consequence}." if consequence else ".")
    at_key = error.validator in ("additionalProperties", "propertyNames")
    return Diagnostic(
        RULE,
        severity,
        message,
        pointer + pointers.join(map(str, path)),
        _span(node, path, at_key=at_key),
    )


def _fault(error: _Error) -> tuple[Severity, str]:
    """Severity and consequence by the schema's `x-faults`, the closest description first."""
    faults = error.schema.get("x-faults") if isinstance(error.schema, Mapping) else None
    kind = str(error.validator)
    detail = error.message if kind == "required" else words.type_name(error.instance)
    for key in (f"{kind}:{detail}", kind):
        fault = faults.get(key) if isinstance(faults, Mapping) else None
        if isinstance(fault, Mapping) and fault.get("severity") in _SEVERITIES:
            return Severity(fault["severity"]), visible(str(fault.get("consequence", "")))
    return Severity.WARNING, ""


_SEVERITIES = {severity.value for severity in Severity}


def _span(node: JsonNode, path: Sequence[str | int], *, at_key: bool) -> Span:
    """Of the value at `path`, or of its key; of the nearest container when it is not there."""
    for depth, step in enumerate(path):
        if isinstance(step, str):
            member = node.member(step)
            if member is None:
                break
            if at_key and depth == len(path) - 1:
                return member.key_span
            node = member.value
        else:
            item = next(islice(node.items(), step, None), None)
            if item is None:
                break
            node = item
    return node.span
