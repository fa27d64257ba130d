"""The click commands: each builds the options, runs, and hands the result to a reporter."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui import __version__
from tui.cli.check_command import check
from tui.cli.errors import UsageError
from tui.cli.exit_codes import ExitCode
from tui.cli.options import (
    HELP,
    common_options,
    default_config,
    find_config,
    format_option,
    gather_options,
    no_config,
    screen_options,
)
from tui.cli.plugin_commands import build_command, deps, gosum, inspect
from tui.cli.streams import Streams, is_interactive
from tui.folder import FolderStatus
from tui.gather import Options
from tui.storage.errors import Missing, shown
from tui.storage.state import state_folder

if TYPE_CHECKING:
    from tui.app.session import Session

PROGRAM = "krakend-tui"

_EXAMPLES = """\b
Examples:
  krakend-tui                        edit ./krakend.json, else /etc/krakend/krakend.json
  krakend-tui ./check                edit a file that is called like a command
  krakend-tui demo                   try it in a sandbox; nothing of yours is touched
  krakend-tui check krakend.json     the same findings without the screen, for CI
  krakend-tui scan                   which files KrakenD loads as plugins, and their names
  krakend-tui inspect auth.so        what a plugin file is, and whether KrakenD loads it
  krakend-tui restore krakend.json   the versions before each save, to put one back
  krakend-tui --workdir /etc/krakend --krakend 2.12 krakend.json
"""


class DefaultCommandGroup(click.Group):
    """A group whose first argument is a command's name, or else belongs to the default one.

    click's own group would take `check a.json` for a CONFIG called check if CONFIG were an
    argument of the group.
    """

    default: click.Command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and self.get_command(ctx, args[0]) is not None:
            return super().resolve_command(ctx, args)
        return self.default.name, self.default, args

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return ["[OPTIONS] [CONFIG | COMMAND ...]"]


@click.group(
    cls=DefaultCommandGroup,
    invoke_without_command=True,
    context_settings=HELP,
    epilog=_EXAMPLES,
)
@common_options
@screen_options
@click.version_option(__version__, prog_name=PROGRAM, message="%(prog)s %(version)s")
@click.pass_context
def cli(ctx: click.Context) -> int:
    """Edit the plugin part of a KrakenD config: see which files KrakenD will load and what
    they register, edit every extra_config with findings as you type, and write back only the
    bytes that changed.

    CONFIG is the file to edit (default: krakend.json here, then /etc/krakend/krakend.json).
    """
    if ctx.invoked_subcommand is None:
        result: int = ctx.invoke(open_config, config=None)
        return result
    return ExitCode.OK


@click.command("open", context_settings=HELP)
@common_options
@screen_options
@click.argument("config", required=False)
@click.pass_context
def open_config(ctx: click.Context, config: str | None) -> int:
    """Edit CONFIG in the terminal."""
    options = gather_options(ctx)
    path = find_config() if config is None else Path(config)
    if path is None:
        if is_interactive() and click.confirm(
            "No config named, and no krakend.json here nor in /etc/krakend. Open the demo?",
            default=True,
        ):
            return _open_demo(ctx)
        raise no_config()
    session = _open(path, options)
    _need_terminal(path)
    return _run_app(session, demo=False)


cli.default = open_config
cli.add_command(check)
for _command in (inspect, deps, gosum, build_command):
    cli.add_command(_command)


@cli.command(context_settings=HELP, short_help="Try it on a sandbox.")
@common_options
@screen_options
@click.pass_context
def demo(ctx: click.Context) -> int:
    """Try it on a fresh sandbox: a config with planted mistakes and a folder of plugins.

    It lies in a new temporary folder, which stays until you remove it.
    """
    return _open_demo(ctx)


@cli.command(context_settings=HELP, short_help="List a plugin folder as KrakenD loads it.")
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


@cli.command(context_settings=HELP, short_help="List the rules, or explain one.")
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


@cli.command(context_settings=HELP, short_help="List the versions before each save; put one back.")
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


def _open(path: Path, options: Options) -> Session:
    """What is wrong with the path is said before the screen is loaded, which takes a moment."""
    from tui.app.session import Session

    try:
        return Session(path, options)
    except Missing as error:
        import difflib

        close = difflib.get_close_matches(str(path), cli.commands, n=1)
        if close:
            error.hint = f"If you meant the command: {PROGRAM} {close[0]}"
        raise


def _need_terminal(path: Path | None) -> None:
    if not is_interactive():
        config = shown(path) if path is not None else "CONFIG"
        raise UsageError(
            "the editor needs a terminal for its input and its output",
            f"In a pipe or in CI use: {PROGRAM} check {config}",
        )


def _open_demo(ctx: click.Context) -> int:
    from tui.demo.sandbox import make_sandbox

    _need_terminal(None)
    streams: Streams = ctx.obj
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="krakend-tui-demo-"))
    config = make_sandbox(folder)
    try:
        session = _open(config, gather_options(ctx, workdir=str(config.parent)))
        return _run_app(session, demo=True)
    finally:
        streams.out.write(f"The sandbox is still in {folder} (rm -r removes it).\n")


def _run_app(session: Session, *, demo: bool) -> int:
    from tui.app.run import run_app

    meta = click.get_current_context().meta
    ascii_wanted, debug = bool(meta.get("ascii_wanted")), bool(meta.get("debug"))
    return run_app(session, demo=demo, ascii_wanted=ascii_wanted, debug=debug)
