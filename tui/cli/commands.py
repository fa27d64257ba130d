"""The click commands: each builds the options, runs, and hands the result to a reporter."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui import __version__
from tui.cli.errors import UsageError
from tui.cli.exit_codes import ExitCode
from tui.cli.options import (
    HELP,
    common_options,
    find_config,
    gather_options,
    no_config,
    screen_options,
)
from tui.cli.streams import Streams, is_interactive
from tui.options import Options
from tui.storage.errors import Missing, shown

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


_MODULES = {
    "check": "check_command",
    **dict.fromkeys(("scan", "rules", "restore"), "config_commands"),
    **dict.fromkeys(("inspect", "deps", "gosum", "build-command"), "plugin_commands"),
}
"""Where the commands are that are imported when somebody asks for them."""


class DefaultCommandGroup(click.Group):
    """A group whose first argument is a command's name, or else belongs to the default one.

    click's own group would take `check a.json` for a CONFIG called check if CONFIG were an
    argument of the group.
    """

    default: click.Command

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *_MODULES])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _MODULES:
            return super().get_command(ctx, cmd_name)
        module = import_module(f"tui.cli.{_MODULES[cmd_name]}")
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return command

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


@cli.command(context_settings=HELP, short_help="Try it on a sandbox.")
@common_options
@screen_options
@click.pass_context
def demo(ctx: click.Context) -> int:
    """Try it on a fresh sandbox: a config with planted mistakes and a folder of plugins.

    It lies in a new temporary folder, which stays until you remove it.
    """
    return _open_demo(ctx)


def _open(path: Path, options: Options) -> Session:
    """What is wrong with the path is said before the screen is loaded, which takes a moment."""
    from tui.app.session import Session

    try:
        return Session(path, options)
    except Missing as error:
        import difflib

        known = cli.list_commands(click.get_current_context())
        close = difflib.get_close_matches(str(path), known, n=1)
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
