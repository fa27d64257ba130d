"""The click commands about plugin files and what they must match."""

from __future__ import annotations

from pathlib import Path

import click

from tui.cli.exit_codes import ExitCode
from tui.cli.options import common_options, gather_options
from tui.cli.streams import Streams

_HELP = {"help_option_names": ["-h", "--help"]}


@click.command(context_settings=_HELP, short_help="Say what a plugin file is and whether it loads.")
@common_options
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@click.option(
    "--config",
    metavar="CONFIG",
    help="Say also whether this config loads the file, and where it uses it.",
)
@click.option("--strict", is_flag=True, help="Exit with 1 also when a requirement is unknown.")
@click.argument("files", metavar="FILE.so...", nargs=-1, required=True)
@click.pass_context
def inspect(
    ctx: click.Context, form: str, config: str | None, strict: bool, files: tuple[str, ...]
) -> int:
    """Say what each file is, from its bytes, and check KrakenD's requirements on plugins.

    What it must match comes from --krakend: a binary, which is read and never run and tells
    exactly whether Go will refuse the plugin, or a release (default: the krakend on PATH, else
    the newest 2.x Community release).

    \b
    Exit status:
      0  no requirement fails
      1  a requirement fails (with --strict: or is unknown)
      2  the command line is wrong
      3  a file or the config could not be read
    """
    from tui.cli.inspect import inspect_files
    from tui.krakend.requirements import Status

    streams: Streams = ctx.obj
    options = gather_options(ctx, look_around=True)
    report = inspect_files(files, options, Path(config) if config is not None else None)
    if form == "json":
        from tui.cli.reporters.inspect import write_json

        write_json(report, streams.out)
    else:
        from tui.cli.reporters.inspect import write_text

        write_text(report, streams)
    if any(file.error is not None for file in report.files):
        return ExitCode.UNREADABLE
    is_bad = report.has(Status.FAIL) or (strict and report.has(Status.UNKNOWN))
    return ExitCode.FINDINGS if is_bad else ExitCode.OK
