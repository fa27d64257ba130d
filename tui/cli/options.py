"""The options that every command has, before or after its name, and what they come to."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from tui.cli.errors import UsageError
from tui.krakend.target import Target, default_target
from tui.options import Options
from tui.visible import visible

DEFAULT_CONFIGS = (Path("krakend.json"), Path("/etc/krakend/krakend.json"))
"""Where a config is looked for when none is named."""

HELP = {"help_option_names": ["-h", "--help"]}
"""The settings of every command."""

_Command = TypeVar("_Command", bound=Callable[..., Any])


def common_options(command: _Command) -> _Command:
    """Add the common options to a click command; `gather_options` reads them.

    Those after a command's name win over those before it.
    """
    options = (
        _option(
            "--workdir",
            metavar="DIR",
            help="KrakenD's working directory, which a relative plugin folder starts from "
            "(default: the current one, or else the config's folder).",
        ),
        _option(
            "--plugins", metavar="DIR", help="Look for plugins here instead of in plugin.folder."
        ),
        _option(
            "--krakend",
            metavar="WHICH",
            help="The KrakenD to advise for: 2.12.0, 2.13 (its newest patch), ce-2.13, ee-2.13, "
            "or the path of its binary, which is read and never run (default: the newest 2.x "
            "Community release).",
        ),
        _option(
            "--libc",
            metavar="glibc|musl",
            callback=_remember_libc,
            help="The C library of that KrakenD, where a release alone does not tell: the "
            "Alpine images have musl, the Debian and RPM packages glibc.",
        ),
        _option("--debug", is_flag=True, help="Show the traceback of an internal error."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def screen_options(command: _Command) -> _Command:
    """Add the options of the commands that open the screen."""
    return _option(
        "--ascii",
        "ascii_wanted",
        is_flag=True,
        help="Draw marks and lines in ASCII (chosen by itself on the Linux console and where "
        "the locale is not UTF-8).",
    )(command)


def format_option(*forms: str, more: str | None = None) -> Callable[[_Command], _Command]:
    """Add --format, of which the first of `forms` is the default; `more` is its help."""
    return click.option(
        "--format", "form", type=click.Choice(forms), default=forms[0], show_default=True, help=more
    )


def gather_options(
    ctx: click.Context, *, workdir: str | None = None, look_around: bool = False
) -> Options:
    """The common options in the core's words; `workdir` is the default for --workdir.

    With `look_around` the krakend on PATH is the target when none is asked for.

    Raises UsageError for a working directory that is none, TargetError for an unknown release.
    """
    chosen = ctx.meta.get("workdir", workdir)
    base = _current_folder() if chosen is None else Path(chosen).absolute()
    if not base.is_dir():
        raise UsageError(
            f"--workdir {visible(str(base))} is not a folder",
            "Give the directory in which KrakenD is started (in its container image: "
            "/etc/krakend).",
        )
    plugins, krakend = ctx.meta.get("plugins"), ctx.meta.get("krakend")
    return Options(
        workdir=str(base),
        plugins_override=None if plugins is None else str(Path(plugins).absolute()),
        target=_target(krakend, look_around=look_around),
        libc=ctx.meta.get("libc"),
        workdir_is_given=chosen is not None,
    )


def _target(which: str | None, *, look_around: bool) -> Target:
    if which is None and not look_around:
        return default_target()
    from tui.which import target_here, target_of

    return target_here(os.environ) if which is None else target_of(which, os.environ)


def _option(*names: str, **attributes: Any) -> Callable[[_Command], _Command]:
    # The contexts of a group and its command share their meta.
    return click.option(*names, expose_value=False, **{"callback": _remember, **attributes})


def _remember(ctx: click.Context, parameter: click.Parameter, value: Any) -> None:
    if value not in (None, False) and parameter.name:
        ctx.meta[parameter.name] = value


def _remember_libc(ctx: click.Context, parameter: click.Parameter, value: str | None) -> None:
    """glibc or musl, or what `krakend version` calls it (`MUSL-1.2.5_(alpine-3.23.3)`), of which
    only the family counts here."""
    if value is None:
        return
    from tui.plugin.libc import GLIBC, MUSL

    family = value.strip().lower().partition("-")[0]
    if family not in (GLIBC, MUSL):
        raise click.BadParameter(f"{visible(value)} is neither {GLIBC} nor {MUSL}", ctx, parameter)
    ctx.meta["libc"] = family
    ctx.meta["libc_text"] = value.strip()


def find_config() -> Path | None:
    """The config that is meant when none is named, if there is one."""
    return next((path for path in DEFAULT_CONFIGS if os.path.lexists(path)), None)


def default_config() -> str:
    """As find_config, for commands that need one: UsageError when there is none."""
    found = find_config()
    if found is None:
        raise no_config()
    return str(found)


def no_config() -> UsageError:
    """Nothing was named and nothing was found."""
    places = " nor ".join(str(path) for path in DEFAULT_CONFIGS)
    return UsageError(
        f"no config named, and neither {places} exists",
        "Name one: krakend-tui FILE. To try it without one: krakend-tui demo.",
    )


def _current_folder() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError:
        raise UsageError(
            "the current folder does not exist any more", "Change to another one, or use --workdir."
        ) from None
