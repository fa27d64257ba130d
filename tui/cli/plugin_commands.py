"""The click commands about plugin files and what they must match."""

from __future__ import annotations

from pathlib import Path

import click

from tui.cli.errors import UsageError
from tui.cli.exit_codes import ExitCode
from tui.cli.options import HELP, common_options, format_option, gather_options
from tui.cli.streams import Streams
from tui.krakend.build_command import OUTPUT


@click.command(context_settings=HELP, short_help="Say what a plugin file is and whether it loads.")
@common_options
@format_option("text", "json")
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
    from tui.krakend.requirements.requirement import Status

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


@click.command(context_settings=HELP, short_help="List what a KrakenD was built with.")
@common_options
@format_option("text", "json", "go.mod", more="go.mod: require lines, ready to paste.")
@click.option("--since", metavar="OLD", help="Show what changed since this release or binary.")
@click.argument("which", metavar="[WHICH]", required=False)
@click.argument("modules", metavar="[MODULE...]", nargs=-1)
@click.pass_context
def deps(
    ctx: click.Context, form: str, since: str | None, which: str | None, modules: tuple[str, ...]
) -> int:
    """List the Go version, platform and module versions of a KrakenD, which plugins must match.

    WHICH is a release or a binary, as for --krakend. A MODULE is a whole path, or a part of one.

    \b
    Exit status:
      0  the list was printed (for Enterprise releases: that it is not public)
      2  the command line is wrong, or there is no such KrakenD
    """
    from tui.cli.deps import read_deps
    from tui.cli.reporters.deps import write_deps
    from tui.which import target_of

    streams: Streams = ctx.obj
    if which is None:
        target = gather_options(ctx, look_around=True).target
    else:
        target = target_of(which, streams.environ)
    old = None if since is None else target_of(since, streams.environ)
    write_deps(read_deps(target, modules, old), form, streams)
    return ExitCode.OK


@click.command(context_settings=HELP, short_help="Compare a go.sum with a KrakenD.")
@common_options
@format_option("text", "json")
@click.option("--go", "go", metavar="VERSION", help="The Go that builds the plugin: 1.25.12.")
@click.option("--fix", is_flag=True, help="Print the commands that mend it, and nothing else.")
@click.argument("path", metavar="[go.sum]", default="go.sum")
@click.pass_context
def gosum(ctx: click.Context, form: str, go: str | None, fix: bool, path: str) -> int:
    """Compare the modules of a plugin's go.sum with those of a KrakenD, as `krakend check-plugin`.

    Only modules that both have count, and of each the highest version of go.sum. The go.mod
    beside it tells direct from indirect ones. --libc, here of the plugin, is compared only when
    the C library of the KrakenD is known. --fix changes nothing: it prints the commands.

    \b
    Exit status:
      0  no incompatibility, or the modules of the KrakenD are not public
      1  incompatibilities
      2  the command line is wrong
      3  go.sum could not be read
    """
    from tui.cli.deps import compare_go_sum
    from tui.cli.reporters.deps import write_go_sum
    from tui.storage.errors import Missing

    streams: Streams = ctx.obj
    target = gather_options(ctx, look_around=True).target
    try:
        report = compare_go_sum(Path(path), target, go, ctx.meta.get("libc_text"))
    except Missing as error:
        error.hint = "A plugin without dependencies has no go.sum, and nothing to compare."
        raise
    if report.compared is None:
        streams.err.write(f"The modules of {target.label} are not public: give its binary.\n")
    write_go_sum(report, form, streams, fix=fix)
    return ExitCode.FINDINGS if report.found else ExitCode.OK


@click.command(
    "build-command", context_settings=HELP, short_help="Print the commands that build a plugin."
)
@common_options
@format_option("text", "json")
@click.option(
    "--arch", type=click.Choice(["amd64", "arm64"]), help="The architecture (default: amd64)."
)
@click.option(
    "-o", "--output", metavar="FILE.so", default=OUTPUT, show_default=True, help="The plugin."
)
@click.pass_context
def build_command(ctx: click.Context, form: str, arch: str | None, output: str) -> int:
    """Print the commands that compile a plugin for a KrakenD: in its builder image, for the
    Alpine images and for the Debian and RPM packages, and with Go itself."""
    from tui.cli.reporters.deps import write_build_commands
    from tui.krakend.build_command import build_commands

    streams: Streams = ctx.obj
    options = gather_options(ctx, look_around=True)
    target = options.target
    if not target.has_plugins:
        raise UsageError(f"{target.label} loads no Go plugins", "Give an older release, or ee-3.0.")
    own = target.program.libc.family if target.program is not None else None
    commands = build_commands(target, own or options.libc, arch or target.goarch or "amd64", output)
    write_build_commands(commands, form, streams)
    return ExitCode.OK
