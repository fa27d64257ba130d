"""The commands on plugin entries: ask what is needed, show the diff, make it one undo step."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from tui.app import places
from tui.app.name_options import name_options, names_of
from tui.app.screens.dialogs import DiffDialog
from tui.app.screens.pick import Option, PickDialog
from tui.app.words import LOOKS_ONLY, MEND_FIRST
from tui.document.change import ChangeSet
from tui.document.diff import unified_diff
from tui.document.edits import EditError
from tui.document.pointer import child, parent
from tui.document.tree import JsonTree
from tui.krakend import actions
from tui.krakend.completion import offers
from tui.krakend.points import Entry, InjectionPoint, injection_points
from tui.plugin.facts import PluginType
from tui.schema.plugin_schema import MODIFIER_HALVES

if TYPE_CHECKING:
    from tui.app.app import KrakendTui


class Commands:
    """Each is a conversation with the user; Escape anywhere leaves everything as it was."""

    def __init__(self, app: KrakendTui) -> None:
        self._app = app
        self._session = app.session
        self._found: tuple[Sequence[InjectionPoint], Mapping[str, Option]] | None = None
        self._session.document.subscribe(self._forget_goals)

    async def run(self, what: str, key: str) -> None:
        """`what`, one of those below, on the tree row `key`."""
        session = self._session
        if session.syntax_problem is not None:
            self._app.main.say(MEND_FIRST, "warning")
            return
        point, entry = session.places.find(key)
        try:
            if what == "add" and point is not None:
                await self.add(point)
            elif entry is None:
                where = "the service, an endpoint, an agent or a backend"
                if what != "add":
                    where = "a plugin entry"
                self._app.main.say(f"Go to {where} first", "warning")
            else:
                await self._on_entry(what, entry)
        except EditError as error:
            self._app.main.say(f"Not done: {error.message}. {error.hint}".strip(), "warning")

    async def _on_entry(self, what: str, entry: Entry) -> None:
        tree = self._session.document.tree
        if what == "file":
            await self._app.folder_commands.go_to_file(entry)
        elif what == "remove":
            await self.propose(f"Remove {entry.key}", actions.remove_entry(tree, entry))
        elif what == "switch":
            key = actions.switched_key(entry)
            way = "off" if key.startswith(actions.OFF) else "on"
            change = actions.switch_entry(tree, entry)
            then = child(parent(entry.pointer)[0], key)
            await self.propose(f"Switch {entry.key} {way}", change, then=then)
        elif what == "revert":
            saved = JsonTree.parse(self._session.on_disk.base)
            change = actions.revert_entry(tree, entry, saved)
            await self.propose(f"Revert {entry.key} to what is saved", change)
        elif what == "copy":
            await self.copy(entry)
        elif what == "rename":
            await self.rename(entry)

    async def add(self, point: InjectionPoint) -> None:
        """Add an entry: of a type that works there, with a name that a loaded file registers."""
        session = self._session
        target = session.options.target
        types = {type_.namespace: type_ for type_ in actions.legal_types(point, target)}
        if not types:
            self._app.main.say(self._why_none(point))
            return
        options = [Option(key, key, self._registered_words(t)) for key, t in types.items()]
        picked = [options[0].value]
        if len(options) > 1:
            picked = await self._pick(f"Add to {point.label}", options)
        if not picked:
            return
        type_ = types[picked[0]]
        names = await self._pick_names(type_)
        if not names:
            return
        change = actions.add_entry(session.document.tree, point, type_, names, target)
        pointer = child(point.extra_config_pointer, type_.namespace)
        await self.propose(f"Add {type_.namespace} to {point.label}", change, then=pointer)

    def _why_none(self, point: InjectionPoint) -> str:
        target = self._session.options.target
        if not target.has_plugins:
            return f"{target.label} loads no plugins"
        return f"Every plugin entry that works at {point.label} is there already"

    async def add_name(self, entry: Entry) -> None:
        """Add a name to an entry's list."""
        if entry.meant is None:
            return
        present = list(entry.called)
        names = await self._pick_names(entry.meant, present)
        if names:
            tree = self._session.document.tree
            self._session.step(actions.add_names(tree, entry, names))
            self._app.main.entry_pane.show_name(names[-1])

    async def copy(self, entry: Entry) -> None:
        """Write the entry to other places where it works."""
        session = self._session
        legal = actions.copy_targets(session.points, entry, session.options.target)
        if not legal:
            self._app.main.say(f"There is no other place where {entry.key} works")
            return
        known = await asyncio.to_thread(self._goals)
        key = actions.copied_key(entry)
        options = [
            Option(point.pointer, known[point.pointer].label, _present_words(point, key))
            for point in legal
        ]
        picked = set(await self._pick(f"Copy {entry.key} to", options, many=True))
        chosen = [point for point in legal if point.pointer in picked]
        if chosen:
            tree = session.document.tree
            change = await asyncio.to_thread(actions.copy_entry, tree, entry, chosen)
            places_ = "1 place" if len(chosen) == 1 else f"{len(chosen)} places"
            await self.propose(f"Copy {key} to {places_}", change)

    async def rename(self, entry: Entry) -> None:
        """Give a plugin another name wherever the config uses it."""
        session = self._session
        type_ = entry.meant
        olds = list(_renameable(entry))
        old = olds[0].value if olds else ""
        if len(olds) > 1:
            old = next(iter(await self._pick("Rename which", olds)), "")
        if not olds:
            self._app.main.say("The entry names no plugin")
        if not old or type_ is None:
            return
        new = await self._pick(f"Rename {old} everywhere to", self._registered(type_), free=True)
        if new:
            is_stem = all(old != name for name in entry.called)
            names = actions.halves_of(old, new[0]) if is_stem else {old: new[0]}
            # The session's points may have places in the text that were true before an edit.
            tree = session.document.tree
            points = await asyncio.to_thread(injection_points, tree)
            change = actions.rename_plugin(tree, points, type_, names)
            await self.propose(f"Rename {old} to {new[0]}", change)

    async def complete(self) -> None:
        """Write a key or a value that the schema names where the editor's cursor is."""
        session, editor = self._session, self._app.main.entry_pane.editor
        place = editor.place
        if place is None:
            return
        if session.syntax_problem is not None:
            self._app.main.say(MEND_FIRST, "warning")
            return
        found = offers(session.document.tree, place, session.schemas, session.registry)
        if not found:
            self._app.main.say("No schema knows more for this place")
            return
        options = [
            Option(str(number), offer.label, offer.detail) for number, offer in enumerate(found)
        ]
        for picked in await self._pick("Complete", options):
            change = found[int(picked)].change()
            session.step(change)
            if change.edits:
                edit = change.edits[0]
                editor.move_to(edit.start + len(edit.text))

    def _goals(self) -> Mapping[str, Option]:
        """What can be found, by its row; made anew when the points are others."""
        points = self._session.points
        if self._found is None or self._found[0] is not points:
            goals = places.goals(points)
            options = {g.key: Option(g.key, g.label, g.words, g.text) for g in goals}
            for option in options.values():
                # What is searched is folded here, and not at the first letter.
                option.holds([""])
            self._found = points, options
        return self._found[1]

    def _forget_goals(self, _change: ChangeSet) -> None:
        """They hold the text of before, folded: as much memory as two more of it."""
        self._found = None

    async def find(self) -> None:
        """Go to an injection point, an entry, or the place of a value."""
        options = await asyncio.to_thread(self._goals)
        title = "Find an endpoint, method, host, url_pattern, namespace, plugin or value"
        dialog = PickDialog(title, list(options.values()))
        for key in await self._app.push_screen_wait(dialog):
            words = options[key].excerpt(dialog.typed.casefold().split())
            if words:
                self._app.main.navigation.to_text(key, words)
            else:
                self._app.main.navigation.to_row(key)

    async def propose(
        self, title: str, change: ChangeSet, then: str | None = None, every: str = ""
    ) -> bool:
        """Show what `change` does; on Enter make it, and go to the row `then`.

        With `every` the key a asks for more, which is named so: True when it was taken.
        """
        session = self._session
        if session.look_only:
            self._app.main.say(LOOKS_ONLY)
            return False
        text = session.document.text
        diff = unified_diff(text, change.apply(text), session.name)
        dialog = DiffDialog(title, diff, "apply", every=every)
        if await self._app.push_screen_wait(dialog):
            session.step(change)
            if then is not None:
                self._app.main.navigation.to_row(then)
        return dialog.wants_every

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


def _present_words(point: InjectionPoint, key: str) -> str:
    """The level, so that typing it leaves only those, and whether something is there."""
    present = any(entry.key == key for entry in point.entries)
    return f"{point.level.value}{': replaces what is there' if present else ''}"


def _renameable(entry: Entry) -> Iterator[Option]:
    """The names of the entry, and the stem of a modifier whose two halves are among them."""
    names = list(dict.fromkeys(name for name in entry.called if name))
    request, response = MODIFIER_HALVES
    for name in names:
        stem = name.removesuffix(request)
        if stem != name and stem + response in names and entry.meant is PluginType.MODIFIER:
            yield Option(stem, stem, "both halves and the options")
    for name in names:
        yield Option(name, name)
