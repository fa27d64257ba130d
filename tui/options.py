"""What the command line says, and the plugin folder that a config then comes to."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tui.document.tree import JsonTree
from tui.folder import FolderListing, FolderStatus
from tui.krakend.plugin_block import read_plugin_block
from tui.krakend.target import Target
from tui.storage.folder import list_folder


class Options(NamedTuple):
    """What the command line says. `workdir` is absolute: KrakenD's working directory, which a
    relative folder starts from. `plugins_override` is looked at instead of `plugin.folder`.

    `workdir_is_given` is False when nobody named a working directory: then a relative folder
    that is not there is looked for beside the config, where KrakenD's image has it. `libc` is
    the C library of the target, "glibc" or "musl", None when nobody said.
    """

    workdir: str
    plugins_override: str | None
    target: Target
    workdir_is_given: bool = True
    libc: str | None = None


def folder_of(
    tree: JsonTree,
    options: Options,
    config_folder: str | None = None,
    is_folder: Callable[[str], bool] = os.path.isdir,
) -> str | None:
    """The absolute path of the folder to look at; None when KrakenD would look at none.

    `config_folder` is that of the config: a relative folder is looked for there when it is not
    in the working directory and nobody named one. `~` and variables are literal, as for
    KrakenD. A folder of "" is "": no such folder, and
    not the working directory (os.ReadDir("") fails).
    """
    if options.plugins_override is not None:
        return str(Path(options.workdir, options.plugins_override))
    folder = read_plugin_block(tree).folder_text
    if not folder:
        return folder
    found = str(Path(options.workdir, folder))
    if not options.workdir_is_given and config_folder is not None and not is_folder(found):
        beside = str(Path(config_folder, folder))
        return beside if is_folder(beside) else found
    return found


def listing_of(folder: str | None) -> FolderListing:
    """What is in a plugin folder now; UNCHECKED without one."""
    return FolderListing("", FolderStatus.UNCHECKED) if folder is None else list_folder(folder)
