"""Two sessions and a program that knows nothing of them write one file, in any order.

Whatever one of them wrote, and nobody took out on purpose, is in the file or in the text of a
session that is still to be saved; and each version that a save replaces is kept as a backup.
"""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

from document.writers import Writer, leaves

from tui.app.on_disk import OnDisk
from tui.app.save_ahead import SaveAhead
from tui.document.diff import edits_between
from tui.storage.backup import list_backups
from tui.storage.errors import ChangedOnDisk
from tui.storage.state import state_folder

RUNS = 3_000 if os.environ.get("SOAK") else 60
STEPS = 25


class Table:
    """One file and who writes it; what was written, and what was given up on purpose."""

    def __init__(self, path: Path, seed: int) -> None:
        self.choice = random.Random(seed)
        self.path = path
        first = Writer(self.choice, "base")
        self.path.write_text(json.dumps(first.container(3), indent=2))
        self.written = set(leaves(json.loads(self.path.read_text())))
        self.dropped: set[str] = set()
        self.sessions = [OnDisk(path), OnDisk(path)]
        self.ahead: dict[OnDisk, SaveAhead] = {}
        self.writers = [Writer(self.choice, name) for name in ("a", "b", "other")]
        self.questions = 0

    def edited(self, writer: Writer, text: str) -> str:
        """`text` after an edit by `writer`."""
        before = json.loads(text)
        value = writer.edited(before)
        if not isinstance(value, dict):
            return text
        was, now = set(leaves(before)), set(leaves(value))
        self.written |= now
        self.dropped |= was - now
        return json.dumps(value, indent=self.choice.choice([2, 4]))

    def step(self) -> None:
        number = self.choice.randrange(2)
        session, writer = self.sessions[number], self.writers[number]
        what = self.choice.choice(["edit", "edit", "prepare", "save", "look", "other"])
        if what == "edit":
            self.give_up(session)
            text = session.document.text
            session.document.apply(edits_between(text, self.edited(writer, text)))
        elif what == "prepare":
            self.prepare(session)
        elif what == "save":
            self.save(session)
        elif what == "look":
            self.look(session)
        elif what == "other" and self.choice.random() < 0.3:
            self.path.write_text(self.edited(self.writers[2], self.path.read_text()))

    def look(self, session: OnDisk) -> None:
        """What the watcher brings about; a text is not exchanged below its dialog."""
        self.give_up(session)
        found = session.look()
        assert found is not None
        if session.is_known(found) or session.take_as_saved(found):
            return
        if session.is_clean:
            session.reload(found)
        else:
            session.note(found)

    def prepare(self, session: OnDisk) -> None:
        """A dialog shows what is to be saved; nothing is said about what fails."""
        self.give_up(session)
        self.ahead[session] = SaveAhead(session)
        self.ahead[session].prepare()

    def give_up(self, session: OnDisk) -> None:
        """Escape in that dialog."""
        if session in self.ahead:
            self.ahead.pop(session).close()

    def save(self, session: OnDisk) -> None:
        """By way of the dialog that is open, if one is."""
        before = self.path.read_bytes()
        text = session.document.text
        ahead = self.ahead.pop(session, None) or SaveAhead(session)
        try:
            saved = ahead.write()
        except ChangedOnDisk as conflict:
            assert self.path.read_bytes() == before
            ahead.close()
            session.note(conflict.current)
            self.resolve(session)
            return
        ahead.wrote(saved)
        ahead.close()
        kept = [
            backup.file.read_bytes() for backup in list_backups(state_folder(os.environ), self.path)
        ]
        assert before in kept or before == text.encode()

    def resolve(self, session: OnDisk) -> None:
        """Somebody answers, in one way or another."""
        self.questions += 1
        theirs = session.theirs
        assert theirs is not None
        mine_leaves = set(leaves(json.loads(session.document.text)))
        their_leaves = set(leaves(json.loads(theirs.data)))
        answer = self.choice.choice(["mine", "theirs", "merge", "merge", "later"])
        if answer == "mine":
            session.keep_mine(theirs)
            self.dropped |= their_leaves - mine_leaves
        elif answer == "theirs":
            session.reload(theirs)
            self.dropped |= mine_leaves - their_leaves
        elif answer == "merge":
            merged = session.merge(theirs)
            assert merged is not None
            answers = [self.choice.choice(["mine", "theirs"]) for _ in merged.conflicts]
            for conflict in merged.conflicts:
                for text in (conflict.base, conflict.mine, conflict.theirs):
                    self.dropped |= set(leaves(json.loads(text))) if text is not None else set()
            session.take_merged(theirs, merged, answers)

    def check(self) -> None:
        """Nothing is lost at this moment."""
        texts = [self.path.read_text(), *(s.document.text for s in self.sessions)]
        there = {leaf for text in texts for leaf in leaves(json.loads(text))}
        assert self.written - self.dropped <= there

    def settle(self) -> None:
        """Both merge and save what is left; nothing is left beside the file."""
        for session in self.sessions:
            self.give_up(session)
            self.look(session)
            while session.document.modified:
                if session.theirs is not None:
                    self.resolve(session)
                    self.look(session)
                self.save(session)
        left = set(leaves(json.loads(self.path.read_text())))
        assert self.written - self.dropped <= left
        assert not [name for name in os.listdir(self.path.parent) if name.startswith(".")]


def test_no_edit_is_lost_between_two_sessions(tmp_path: Path, record_property) -> None:
    questions = 0
    for seed in random.Random(os.environ.get("CI") and 1).sample(range(10**9), RUNS):
        print(f"seed {seed}", end="\r")
        table = Table(tmp_path / "krakend.json", seed)
        for _ in range(STEPS):
            table.step()
            table.check()
        table.settle()
        questions += table.questions
    record_property("interleavings", RUNS)
    print(f"{RUNS} interleavings of {STEPS} steps, {questions} questions asked")
    assert questions > RUNS
