import bz2
import gzip
import lzma
from hashlib import sha256

import pytest

from tui.plugin.facts import FileKind, PluginFacts
from tui.plugin.inspect import inspect_plugin


@pytest.mark.parametrize(
    ("data", "kind", "words"),
    [
        (b"", FileKind.EMPTY, "an empty file"),
        (b"<!DOCTYPE html>\n<html><body>404</body></html>", FileKind.HTML, "failed download"),
        (b"\xef\xbb\xbf \r\n<!-- proxy -->\n<HTML lang=de>", FileKind.HTML, "failed download"),
        (b'<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>', FileKind.TEXT, "text"),
        (b"version https://git-lfs.github.com/spec/v1\n", FileKind.TEXT, "git lfs pull"),
        (b"// Copyright\n\npackage main\n\nfunc main() {}\n", FileKind.TEXT, "not compiled"),
        (b"#!/bin/sh\nexit 1\n", FileKind.TEXT, "a script"),
        (b"It is a package main of its own\n", FileKind.TEXT, "a text file"),
        ("läuft".encode(), FileKind.TEXT, "a text file"),
        ("ä".encode() * 5000, FileKind.TEXT, "a text file"),
        (b"a" + "ä".encode() * 5000, FileKind.TEXT, "a text file"),
        (b"a\xff\xfeb", FileKind.DATA, "no known kind"),
        (b"text and \x00", FileKind.DATA, "no known kind"),
        (gzip.compress(b"x", mtime=0), FileKind.GZIP, "gzip"),
        (b"PK\x03\x04\x14\x00", FileKind.DATA, "zip"),
        (bz2.compress(b"x"), FileKind.DATA, "bzip2"),
        (lzma.compress(b"x"), FileKind.DATA, "xz"),
        (b"a.so" + bytes(253) + b"ustar\x0000", FileKind.DATA, "tar"),
        (b"!<arch>\n/ \x00", FileKind.DATA, "-buildmode=plugin"),
        (b"\x00asm\x01\x00\x00\x00", FileKind.DATA, "WebAssembly"),
        (b"\x00\x05\x16\x07\x00\x02", FileKind.DATA, "macOS"),
        (bytes.fromhex("cffaedfe0c000001"), FileKind.MACHO, "macOS"),
        (bytes.fromhex("cafebabe00000002"), FileKind.MACHO, "macOS"),
        (b"MZ\x90\x00\x03", FileKind.PE, "Windows"),
        (b"\x7fEL", FileKind.DATA, "cut off"),
        (b"\x7fELF", FileKind.ELF, "cut off in its header"),
        (b"\x7fELF\x01\x01\x01" + bytes(60), FileKind.ELF, "not 64-bit little-endian"),
        (b"\x7fELF\x02\x02\x01" + bytes(60), FileKind.ELF, "not 64-bit little-endian"),
        (b"\x7fELF\x02\x01\x01" + bytes(60), FileKind.ELF, "without a section table"),
        (b"\x7fELF\x02\x01\x01" + bytes(229) + b"UPX!", FileKind.ELF, "upx -d"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_plugin_is_named(data: bytes, kind: FileKind, words: str) -> None:
    facts = inspect_plugin(data, ["text"])
    digest = sha256(data).hexdigest()
    bare = PluginFacts(kind, problem=facts.problem, size=len(data), sha256=digest)
    assert facts._replace(head=None, is_readable=True) == bare
    assert words in facts.problem


def test_many_comments_in_what_looks_like_html_take_no_time() -> None:
    assert inspect_plugin(b"<!---->" * 500 + b"\0").kind is FileKind.DATA
