"""The click commands about a config, but for `check`: what it loads, its rules, its versions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from tui.cli.errors import UsageError
from tui.cli.exit_codes import ExitCode
from tui.cli.options import HELP, common_options, default_config, format_option, gather_options
from tui.cli.streams import Streams, is_interactive
from tui.folder import FolderStatus
from tui.storage.state import state_folder


@click.command(context_settings=HELP, short_help="List a plugin folder as KrakenD loads it.")
@common_options
@format_option("text", "json")
@click.option("--folder", metavar="DIR", help="Scan this folder instead of a config's.")
@click.option("--pattern", metavar="P", help='With --folder: the pattern (default "": every file).')
@click.argument("config", required=False)
@click.pass_context
def scan(
    ctx: click.Context,
    form: str,
    folder: str | None,
    pattern: str | None,
    config: str | None,
) -> int:
    """List a plugin folder as KrakenD loads it: which files, in which order, which names.

    Either the folder and pattern of CONFIG (default: as without a command), or those of
    --folder and --pattern.

    \b
    Exit status:
      0  the folder was listed, or the config has none
      2  the command line is wrong
      3  the config or the folder could not be read
    """
    from tui.cli.scan import scan_config, scan_folder

    streams: Streams = ctx.obj
    options = gather_options(ctx)
    if folder is not None:
        if config is not None or options.plugins_override is not None:
            raise UsageError(
                "--folder cannot be combined with CONFIG or --plugins",
                "Give either a config or a folder.",
            )
        report = scan_folder(folder, pattern or "", options)
    elif pattern is not None:
        raise UsageError("--pattern needs --folder", "Add --folder DIR, or drop --pattern.")
    else:
        report = scan_config(Path(config or default_config()), options)
    if form == "json":
        from tui.cli.reporters.json import write_scan as write_json

        write_json(report, streams.out)
    else:
        from tui.cli.reporters.text import write_scan

        write_scan(report, streams)
    listed = report.listing.status in (FolderStatus.OK, FolderStatus.UNCHECKED)
    return ExitCode.OK if listed else ExitCode.UNREADABLE


@click.command(context_settings=HELP, short_help="List the rules, or explain one.")
@common_options
@format_option("text", "json", "markdown")
@click.argument("rule", metavar="[ID]", required=False)
@click.pass_context
def rules(ctx: click.Context, form: str, rule: str | None) -> int:
    """List every rule, or explain the rule ID: what KrakenD does, a bad and a good example."""
    from tui.cli.reporters import rules as reporter
    from tui.cli.rule_filter import unknown_rule
    from tui.krakend.rules.table import RULES

    streams: Streams = ctx.obj
    chosen = [known for known in RULES if rule in (None, known.id)]
    if not chosen:
        raise unknown_rule(rule or "")
    if form == "json":
        reporter.write_json(chosen, streams)
    elif form == "markdown":
        reporter.write_markdown(chosen, streams)
    elif rule is None:
        reporter.write_list(chosen, streams)
    else:
        reporter.write_explanation(chosen[0], streams)
    return ExitCode.OK


@click.command(
    context_settings=HELP, short_help="List the versions before each save; put one back."
)
@common_options
@format_option("text", "json")
@click.option("--to", "number", metavar="N", type=click.IntRange(min=1), help="Put version N back.")
@click.option("--yes", is_flag=True, help="With --to: do not ask.")
@click.argument("config", required=False)
@click.pass_context
def restore(
    ctx: click.Context, form: str, number: int | None, yes: bool, config: str | None
) -> int:
    """List the versions of CONFIG that its saves replaced, or put one of them back.

    Each save keeps the version before it, for this user only. --to shows what would change
    and asks; the version that it replaces is kept too.
    """
    from tui.cli.reporters import versions as reporter
    from tui.cli.restore import read_history, restore_version

    streams: Streams = ctx.obj
    state = state_folder(streams.environ)
    history = read_history(Path(config or default_config()), state)
    if number is None:
        (reporter.write_json if form == "json" else reporter.write_text)(history, streams)
        return ExitCode.OK
    if not yes and not is_interactive():
        raise UsageError("restore asks before it writes, and here is no terminal", "Add --yes.")

    def confirm(diff: Sequence[str]) -> bool:
        reporter.write_diff(diff, streams)
        return yes or click.confirm("Write this?", default=False)

    streams.out.write(f"{restore_version(history, number, state, confirm)}\n")
    return ExitCode.OK
