"""The text of F1."""

HELP = """\
krakend-tui shows which plugin files KrakenD will load, which
names they register and where the config injects them, and edits
that part of the config.

Every pane
  Tab, Shift+Tab  next, previous pane
  F8, F7          next, previous problem, and to its place
  ctrl+g          the fix of the current problem, as a diff first
  ctrl+f          find an endpoint, method, host, namespace, plugin
  ctrl+s          the diff of what will be written; Enter writes
  ctrl+z, ctrl+y  undo, redo: one history for all panes
  F5              scan the plugin folder again
  ctrl+p          every command by name
  ctrl+q          quit (asks when something is unsaved)

pattern, folder
  KrakenD loads each file of the folder whose name contains the
  pattern. It is no glob: *.so matches nothing. An empty pattern
  loads every file.
  Escape          back to the value before you typed

Lists
  up, down, k, j  move      Enter  open      space  fold
Tree
  a  add an entry           d  remove it     x  switch off and on
  c  copy it elsewhere      r  rename the plugin everywhere
  /  find
Names
  a  add      d  remove     K, J  move up, down

Editor
  Enter           new line, indented
  Escape          back to the tree
  "whole file" at the end of the tree opens the complete text,
  also when it is broken.

KrakenD reads its config only at start. Nothing here runs a
plugin or uses the network.
"""
