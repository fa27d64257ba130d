"""The click command `check`: options in, a report and an exit status out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from tui.cli.errors import UsageError
from tui.cli.exit_codes import ExitCode
from tui.cli.options import HELP, common_options, default_config, format_option, gather_options
from tui.cli.streams import Streams
from tui.diagnostic import Severity

if TYPE_CHECKING:
    from tui.cli.check import FileReport

_SEVERITIES = [severity.value for severity in Severity]


@click.command(
    context_settings=HELP,
    short_help="Print the findings about configs, for CI.",
)
@common_options
@format_option(
    "text",
    "json",
    "sarif",
    "github",
    more="sarif: a SARIF 2.1.0 log. github: workflow commands that annotate the lines.",
)
@click.option(
    "--fail-on",
    type=click.Choice(_SEVERITIES),
    default=Severity.ERROR.value,
    show_default=True,
    help="Exit with 1 when there is a finding of this severity or a worse one.",
)
@click.option("--select", metavar="RULE", multiple=True, help="Only this rule (or several: a,b).")
@click.option("--ignore", metavar="RULE", multiple=True, help="Not this rule (or several: a,b).")
@click.option(
    "--schema",
    metavar="FILE",
    help="Validate by KrakenD's published schema too, a local krakend.json; nothing is fetched.",
)
@click.option("--fix", is_flag=True, help="Save each CONFIG with the safe fixes applied.")
@click.option("--diff", is_flag=True, help="Show what --fix would change; nothing is written.")
@click.argument("configs", metavar="CONFIG...", nargs=-1)
@click.pass_context
def check(
    ctx: click.Context,
    form: str,
    fail_on: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    schema: str | None,
    fix: bool,
    diff: bool,
    configs: tuple[str, ...],
) -> int:
    """Print the findings about each CONFIG (default: as without a command; -: standard input).

    A fix is safe when what is meant has one reading and nothing is lost; --fix applies those and
    reports what is left. The version before is kept (krakend-tui restore).

    \b
    Exit status:
      0  nothing at or above --fail-on
      1  findings at or above --fail-on
      2  the command line is wrong
      3  a file could not be read or saved (also when others have findings)
    """
    from tui.cli.check import Task, check_files, count, read_schema
    from tui.cli.rule_filter import RuleFilter
    from tui.storage.read import read_stream
    from tui.storage.state import state_folder

    streams: Streams = ctx.obj
    if diff and form != "text":
        raise UsageError("--diff is text only", f"Drop --format {form}.")
    task = Task(
        gather_options(ctx),
        RuleFilter.of(select, ignore),
        None if schema is None else read_schema(schema),
        fix=fix and not diff,
        diff=diff,
        state=state_folder(streams.environ),
    )
    reports = check_files(
        configs or (default_config(),), task, lambda: read_stream(streams.source, "standard input")
    )
    _reporter(form, diff=diff)(reports, streams)
    if any(report.error is not None for report in reports):
        return ExitCode.UNREADABLE
    limit = Severity(fail_on).rank
    failing = any(number and severity.rank <= limit for severity, number in count(reports).items())
    return ExitCode.FINDINGS if failing else ExitCode.OK


def _reporter(form: str, *, diff: bool) -> Callable[[Sequence[FileReport], Streams], None]:
    """What writes the reports; only the module that is needed is loaded."""
    if diff:
        from tui.cli.reporters.text import write_diffs as write
    elif form == "json":
        from tui.cli.reporters.json import write_check as write
    elif form == "sarif":
        from tui.cli.reporters.sarif import write_check as write
    elif form == "github":
        from tui.cli.reporters.github import write_check as write
    else:
        from tui.cli.reporters.text import write_check as write
    return write
