"""Rows for findings that the parser and the schemas make, so that the table explains them too."""

from __future__ import annotations

from collections.abc import Iterator

from tui.diagnostic import Severity
from tui.document.strict import MARKED, RANGE, SYNTAX
from tui.krakend.rules.base import Context, Finding, Rule
from tui.schema.plugin_schema import RULE_OWN
from tui.schema.published import RULE as OFFICIAL
from tui.schema.validate import RULE, RULE_UNUSABLE


def _elsewhere(_context: Context) -> Iterator[Finding]:
    """workspace.analyse asks the parser and the schemas itself."""
    return iter(())


RULES = (
    Rule(
        id=SYNTAX,
        severity=Severity.ERROR,
        summary="The text is no JSON that KrakenD can read.",
        explanation=(
            "KrakenD reads every file that is not called .yml, .yaml or .toml as strict JSON: no "
            "comments, no comma after the last item, no NaN, no templates left. It stops with "
            "`invalid character ...` and, since 2.12, without line and column."
        ),
        bad='{"version": 3,}',
        good='{"version": 3}',
        fix="Mends the place where one answer is likely: a comma, a quote, a word.",
        source="encoding/json by way of krakend-koanf; measured on KrakenD 2.13.8",
        check=_elsewhere,
    ),
    Rule(
        id=MARKED,
        severity=Severity.ERROR,
        summary="The file begins with a byte order mark.",
        explanation=(
            "Some editors write three invisible bytes before the text. KrakenD takes them for "
            "the first character of the config and does not start."
        ),
        bad='\ufeff{"version": 3}',
        good='{"version": 3}',
        fix="Removes the mark.",
        source="encoding/json by way of krakend-koanf; measured on KrakenD 2.13.8",
        check=_elsewhere,
    ),
    Rule(
        id=RANGE,
        severity=Severity.ERROR,
        summary="A number is too large for KrakenD.",
        explanation=(
            "Since 2.12 KrakenD reads every number of the file into a float64 and does not "
            "start when one does not fit, wherever it stands. Older releases mind only the "
            "numbers that they use (a warning)."
        ),
        bad='{"version": 3, "timeout": 1e400}',
        good='{"version": 3, "timeout": 1e3}',
        source="koanf parsers/json (float64); measured on KrakenD 2.13.8",
        check=_elsewhere,
    ),
    Rule(
        id=RULE,
        severity=Severity.ERROR,
        summary="A value is not what krakend-tui's own schema of the place asks for.",
        explanation=(
            "The schemas of the plugin block and of the four namespaces, in the package under "
            "schemas/, are written from what KrakenD does. The finding says what follows; where "
            "a rule of this table sees the same, the rule speaks instead."
        ),
        bad='{"extra_config": {"plugin/http-server": {"name": ["geoip"], "geoip": 7}}}',
        good='{"extra_config": {"plugin/http-server": {"name": ["geoip"], "geoip": {}}}}',
        source="schemas/*.json",
        check=_elsewhere,
    ),
    Rule(
        id=RULE_OWN,
        severity=Severity.ERROR,
        summary="The settings of a plugin are not what the plugin's own schema asks for.",
        explanation=(
            "A file NAME.schema.json beside the plugin, or in krakend-tui/schemas/ of your config "
            "folder, says what the settings of the plugin NAME look like. KrakenD hands the "
            "settings over unseen; what follows is the plugin's affair, so this is a warning "
            "unless the schema says otherwise."
        ),
        bad='{"extra_config": {"plugin/http-server": {"name": ["auth"], "auth": {"path": 7}}}}',
        good='{"extra_config": {"plugin/http-server": {"name": ["auth"], "auth": {"path": "/"}}}}',
        source="the plugin's NAME.schema.json",
        check=_elsewhere,
    ),
    Rule(
        id=OFFICIAL,
        severity=Severity.WARNING,
        summary="KrakenD's published schema refuses it (with --schema only).",
        explanation=(
            "krakend-tui check --schema FILE validates the whole config as `krakend check --lint` "
            "does, by a copy of the schema on this machine. KrakenD itself never looks at its "
            "schema when it starts: unknown keys are ignored. Where a rule of this table has "
            "spoken about the same value, the rule's finding is the only one."
        ),
        bad='{"version": 3, "timeout": 3}',
        good='{"version": 3, "timeout": "3s"}',
        source="krakend-schema; krakend-cobra check.go (--lint)",
        check=_elsewhere,
    ),
    Rule(
        id=RULE_UNUSABLE,
        severity=Severity.WARNING,
        summary="A schema cannot be used, so nothing was checked by it.",
        explanation=(
            "A plugin's own schema is no JSON Schema, refers to other documents (nothing is "
            "fetched), or takes too long on this value. The entry was not checked by it."
        ),
        bad='{"$ref": "https://example.com/schema.json"}',
        good='{"type": "object"}',
        source="krakend-tui",
        check=_elsewhere,
    ),
)
