"""The command line's one boundary: arguments in, exit status out, errors in words."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from tui.cli.commands import PROGRAM, cli
from tui.cli.errors import exit_code_of
from tui.cli.exit_codes import ExitCode
from tui.cli.reporters.errors import write_error
from tui.cli.streams import Streams, standard_streams
from tui.errors import KrakendTuiError
from tui.visible import visible


def run(argv: Sequence[str]) -> int:
    """Run the command line `argv` (without the program's name); the exit status."""
    try:
        with standard_streams() as streams:
            code = _run(argv, streams)
            streams.out.flush()
    except BrokenPipeError:
        # Whoever read our output has gone; a flush at exit must not complain again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.BROKEN_PIPE
    return code


def _run(argv: Sequence[str], streams: Streams) -> int:
    try:
        # Not cli.main(), which has a boundary of its own and swallows what we tell apart.
        with cli.make_context(PROGRAM, list(argv), obj=streams) as context:
            code: int = cli.invoke(context)
            return code
    except click.exceptions.Exit as done:
        return done.exit_code
    except KrakendTuiError as error:
        write_error(error, streams)
        return exit_code_of(error)
    except click.UsageError as error:
        write_error(_in_our_words(error), streams)
        return ExitCode.USAGE
    except (click.Abort, KeyboardInterrupt):
        streams.err.write("\n")
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        raise
    except Exception as error:
        _write_bug(error, streams, debug="--debug" in argv)
        return ExitCode.BUG


def _in_our_words(error: click.UsageError) -> KrakendTuiError:
    command = error.ctx.command_path if error.ctx else PROGRAM
    message = error.format_message().rstrip(".")
    return KrakendTuiError(message, f"Try: {command} --help")


def _write_bug(error: Exception, streams: Streams, *, debug: bool) -> None:
    import traceback

    what = visible(f"{type(error).__name__}: {error}")[:300]
    streams.err.write(f"krakend-tui: internal error: {what}\n")
    if debug:
        for line in "".join(traceback.format_exception(error)).splitlines():
            streams.err.write(f"{visible(line)}\n")
    else:
        streams.err.write(
            "    This is a bug of krakend-tui. Run it again with --debug and report what it "
            "prints.\n"
        )
