"""The commands on plugin entries: ask what is needed, show the diff, make it one undo step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.app import places
from tui.app.name_options import name_options, names_of
from tui.app.screens.dialogs import DiffDialog
from tui.app.screens.pick import Option, PickDialog
from tui.document.change import ChangeSet
from tui.document.diff import unified_diff
from tui.document.pointer import child
from tui.krakend import actions
from tui.krakend.namespaces import WORKS_AT
from tui.krakend.points import Entry, InjectionPoint
from tui.plugin.facts import PluginType

if TYPE_CHECKING:
    from tui.app.app import KrakendTui


class Commands:
    """Each is a conversation with the user; a Escape anywhere leaves everything as it was."""

    def __init__(self, app: KrakendTui) -> None:
        self._app = app
        self._session = app.session

    async def run(self, what: str, key: str) -> None:
        """`what`, one of those below, on the tree row `key`."""
        session = self._session
        if session.syntax_problem is not None:
            self._app.main.say("Mend the JSON first: F8 goes to the fault", "warning")
            return
        point, entry = session.find(key)
        if what == "add" and point is not None:
            await self.add(point)
        elif entry is None:
            self._app.main.say("Go to a plugin entry first", "warning")
        elif what == "file":
            await self._app.folder_commands.go_to_file(entry)
        elif what == "remove":
            change = actions.remove_entry(session.document.tree, entry)
            await self.propose(f"Remove {entry.key}", change)
        elif what == "switch":
            off = entry.key.startswith(actions.OFF)
            change = actions.switch_entry(session.document.tree, entry)
            await self.propose(f"Switch {entry.key} {'on' if off else 'off'}", change)
        elif what == "copy":
            await self.copy(entry)
        elif what == "rename":
            await self.rename(entry)

    async def add(self, point: InjectionPoint) -> None:
        """Add an entry: of a type that works there, with a name that a loaded file registers."""
        session = self._session
        types = {
            type_.namespace: type_ for type_ in actions.legal_types(point, session.options.target)
        }
        options = [Option(key, key, self._registered_words(t)) for key, t in types.items()]
        if not options:
            self._app.main.say(f"Every plugin entry that works at {point.label} is there already")
            return
        picked = await self._pick(f"Add to {point.label}", options)
        if not picked:
            return
        type_ = types[picked[0]]
        names = await self._pick_names(type_)
        if not names:
            return
        change = actions.add_entry(session.document.tree, point, type_, names)
        pointer = child(point.extra_config_pointer, type_.namespace)
        await self.propose(f"Add {type_.namespace}", change, then=pointer)

    async def add_name(self, entry: Entry) -> None:
        """Add a name to an entry's list."""
        if entry.meant is None:
            return
        present = [name for name, _span in entry.names]
        names = await self._pick_names(entry.meant, present)
        if names:
            tree = self._session.document.tree
            self._session.step(actions.add_names(tree, entry, names))
            self._app.main.entry_pane.show_name(names[-1])

    async def copy(self, entry: Entry) -> None:
        """Write the entry to other places where it works."""
        session = self._session
        legal = [
            point
            for point in session.points
            if entry.meant is not None
            and point.level in WORKS_AT[entry.meant]
            and child(point.extra_config_pointer, entry.key) != entry.pointer
        ]
        options = [
            Option(point.pointer, session.path_of(point), _present_words(point, entry))
            for point in legal
        ]
        picked = await self._pick(f"Copy {entry.key} to", options, many=True)
        chosen = [point for point in legal if point.pointer in set(picked)]
        if chosen:
            change = actions.copy_entry(session.document.tree, entry, chosen)
            await self.propose(f"Copy to {len(chosen)} places", change)

    async def rename(self, entry: Entry) -> None:
        """Give a plugin another name wherever the config uses it."""
        session = self._session
        names = list(dict.fromkeys(name for name, _span in entry.names))
        old = names[:1]
        if len(names) > 1:
            old = await self._pick("Rename which", [Option(name, name) for name in names])
        if not old or entry.meant is None:
            return
        options = self._registered(entry.meant)
        new = await self._pick(f"Rename {old[0]} everywhere to", options, free=True)
        if new:
            tree, points = session.document.tree, session.points
            change = actions.rename_plugin(tree, points, entry.meant, old[0], new[0])
            await self.propose(f"Rename {old[0]} to {new[0]}", change)

    async def find(self) -> None:
        """Go to an injection point, an entry, or the place of a value."""
        found = places.goals(self._session.points)
        options = {goal.key: Option(goal.key, goal.label, goal.words, goal.text) for goal in found}
        title = "Find an endpoint, method, host, url_pattern, namespace, plugin or value"
        dialog = PickDialog(title, list(options.values()))
        for key in await self._app.push_screen_wait(dialog):
            words = options[key].excerpt(dialog.typed.casefold().split())
            if words:
                self._app.main.go_to_text(key, words)
            else:
                self._app.main.go(key)

    async def propose(self, title: str, change: ChangeSet, then: str | None = None) -> None:
        """Show what `change` does; on Enter make it, and go to the row `then`."""
        session = self._session
        if session.look_only:
            self._app.main.say("Another session edits this file: ctrl+s asks to take it over")
            return
        text = session.document.text
        diff = unified_diff(text, change.apply(text), session.name)
        if await self._app.push_screen_wait(DiffDialog(title, diff, "apply")):
            session.step(change)
            if then is not None:
                self._app.main.go(then)

    async def _pick_names(self, type_: PluginType, present: Sequence[str] = ()) -> list[str]:
        many = type_ is not PluginType.CLIENT
        options = name_options(self._session.registry, type_, present)
        title = f"Name of the {type_.value} plugin (as listed, or type any)"
        return names_of(await self._pick(title, options, free=True, many=many))

    async def _pick(
        self, title: str, options: Sequence[Option], *, free: bool = False, many: bool = False
    ) -> list[str]:
        return await self._app.push_screen_wait(PickDialog(title, options, free=free, many=many))

    def _registered(self, type_: PluginType) -> list[Option]:
        registry = self._session.registry
        names = registry.names(type_) if registry is not None else {}
        return [Option(name, name, ", ".join(files)) for name, files in names.items()]

    def _registered_words(self, type_: PluginType) -> str:
        count = len(self._registered(type_))
        return f"{count} registered" if count else "none registered"


def _present_words(point: InjectionPoint, entry: Entry) -> str:
    return "replaces what is there" if any(e.key == entry.key for e in point.entries) else ""
