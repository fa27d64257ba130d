"""What the program never does, read off its own source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import tui

SOURCES = sorted(Path(tui.__file__).parent.rglob("*.py"))
CALLS = {"eval", "exec", "compile", "__import__", "os.system", "os.popen", "tempfile.mktemp"}
MODULES = {"pickle", "marshal", "shelve", "socketserver", "http", "urllib.request", "ctypes"}


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_code_from_data_no_shell_no_network(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    assert not {ast.unparse(call.func) for call in _calls(tree)} & CALLS
    assert not [
        keyword
        for call in _calls(tree)
        for keyword in call.keywords
        if keyword.arg == "shell" and ast.unparse(keyword.value) != "False"
    ]
    assert not {
        name for name in _imported(tree) if name in MODULES or name.split(".")[0] in MODULES
    }
