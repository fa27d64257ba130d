"""The command that builds a plugin for a KrakenD: in its builder image, or with Go itself.

The images and the arm64 cross builds are those of KrakenD's documentation (writing-plugins,
"Compile plugins for ARM64"): the builders are for amd64 only, and `-linux-generic` is the one for
the Debian and RPM packages.
"""

from __future__ import annotations

from shlex import quote
from typing import NamedTuple

from tui.krakend.target import Target
from tui.plugin.libc import GLIBC, MUSL

OUTPUT = "yourplugin.so"


class BuildCommand(NamedTuple):
    """`title` says what it is for; `command` is one line for a shell, in the plugin's folder."""

    title: str
    command: str


def build_commands(
    target: Target, libc: str | None, goarch: str, output: str
) -> tuple[BuildCommand, ...]:
    """The ways to build for `target`, the surest first; without `libc` for both C libraries."""
    found: list[BuildCommand] = []
    if target.is_krakend:
        for family in (libc,) if libc else (MUSL, GLIBC):
            where = "Alpine images (musl)" if family == MUSL else "Debian and RPM packages (glibc)"
            title = f"{target.label}, {where}, linux/{goarch}"
            found.append(BuildCommand(title, _in_builder(target, family, goarch, output)))
    if target.go is not None:
        title = f"with Go {target.go} itself, linux/{goarch}"
        found.append(BuildCommand(title, _with_go(target, libc, goarch, output)))
    return tuple(found)


def best_build_command(target: Target, libc: str | None, goarch: str) -> str:
    """The first of `build_commands`; without any, the command that needs the right Go."""
    found = build_commands(target, libc, goarch, OUTPUT)
    return found[0].command if found else f"go build -buildmode=plugin -o {OUTPUT} ."


def _in_builder(target: Target, libc: str, goarch: str, output: str) -> str:
    image = "krakend/builder-ee" if target.is_enterprise else "krakend/builder"
    tag = target.release + ("-linux-generic" if libc == GLIBC else "")
    compiler = _cross_compiler(libc)
    cross = ""
    flags = _flags(target)
    if goarch == "arm64":
        cross = f"-e CGO_ENABLED=1 -e CC={compiler} -e GOARCH=arm64 -e GOHOSTARCH=amd64 "
        flags += f" -ldflags='-extldflags=-fuse-ld=bfd -extld={compiler}'"
    return (
        f'docker run --rm -it -v "$PWD:/app" -w /app {cross}{image}:{tag} '
        f"go build -buildmode=plugin{flags} -o {quote(output)} ."
    )


def _with_go(target: Target, libc: str | None, goarch: str, output: str) -> str:
    assert target.go is not None
    settings = [f"GOTOOLCHAIN=go{target.go}"] if _downloads_itself(target.go) else []
    settings.append("CGO_ENABLED=1")
    if goarch == "arm64":
        settings += [f"GOARCH={goarch}", f"CC={_cross_compiler(libc or GLIBC)}"]
    elif libc == MUSL:
        settings.append("CC=musl-gcc")
    return f"{' '.join(settings)} go build -buildmode=plugin{_flags(target)} -o {quote(output)} ."


def _downloads_itself(go: str) -> bool:
    """Since Go 1.21 the go command fetches the Go that GOTOOLCHAIN names (go.dev/doc/toolchain)."""
    return tuple(int(part) for part in go.split(".")[:2] if part.isdigit()) >= (1, 21)


def _cross_compiler(libc: str) -> str:
    return f"aarch64-linux-{'musl' if libc == MUSL else 'gnu'}-gcc"


def _flags(target: Target) -> str:
    """The flags of the program's own build that a plugin must be built with, too."""
    if target.program is None:
        return ""
    settings = target.program.build.settings
    flags = [flag for flag in ("-trimpath", "-race") if settings.get(flag) == "true"]
    if settings.get("-gcflags"):
        flags.append(f"-gcflags={quote(settings['-gcflags'])}")
    return "".join(f" {flag}" for flag in flags)
