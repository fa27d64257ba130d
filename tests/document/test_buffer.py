import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tui.diagnostic import Edit, Span
from tui.document.buffer import Document
from tui.document.change import ChangeSet
from tui.document.text import NotUtf8

TEXTS = st.text(alphabet='{}[]":,a1 \n\r\té😀', max_size=8)


@given(st.text(), st.booleans())
def test_load_and_save_keep_every_byte(text: str, bom: bool) -> None:
    data = (b"\xef\xbb\xbf" if bom else b"") + text.encode()
    document = Document.from_bytes(data)
    assert document.to_bytes() == data
    assert not document.modified


def test_bytes_that_are_not_utf_8_are_refused() -> None:
    with pytest.raises(NotUtf8):
        Document.from_bytes(b"{\xff}")


def insert(document: Document, offset: int, text: str) -> ChangeSet:
    return ChangeSet.replace(len(document.text), offset, offset, text)


class DocumentMachine(RuleBasedStateMachine):
    """The Document against a list of texts: what undo and redo must return to."""

    def __init__(self) -> None:
        super().__init__()
        self.document = Document("{}")
        self.done = ["{}"]
        self.undone: list[str] = []
        self.saved = "{}"
        self.versions = [(0, "{}")]
        self.mirror = "{}"
        self.document.subscribe(self.mirrored)

    def mirrored(self, change: ChangeSet) -> None:
        self.mirror = change.apply(self.mirror)
        self.versions.append((self.document.version, self.document.text))

    @rule(data=st.data(), texts=st.lists(TEXTS, min_size=1, max_size=3))
    def change(self, data: st.DataObject, texts: list[str]) -> None:
        text = self.document.text
        size = 2 * len(texts)
        points = st.lists(st.integers(0, len(text)), min_size=size, max_size=size)
        ends = sorted(data.draw(points))
        pairs = zip(ends[::2], ends[1::2], texts, strict=True)
        change = ChangeSet.of(len(text), [Edit(*each) for each in pairs])
        self.document.apply(change)
        if not change.is_empty:
            self.done.append(change.apply(text))
            self.undone.clear()

    @rule()
    def undo(self) -> None:
        change = self.document.undo()
        assert (change is None) == (len(self.done) == 1)
        if change is not None:
            self.undone.append(self.done.pop())

    @rule()
    def redo(self) -> None:
        change = self.document.redo()
        assert (change is None) == (not self.undone)
        if change is not None:
            self.done.append(self.undone.pop())

    @rule(data=st.data())
    def save(self, data: st.DataObject) -> None:
        _, self.saved = data.draw(st.sampled_from(self.versions))
        self.document.saved_as(self.saved)

    @rule()
    def parse(self) -> None:
        self.document.tree.node("")

    @invariant()
    def says_what_the_model_says(self) -> None:
        assert self.document.text == self.done[-1] == self.mirror
        assert self.document.modified == (self.saved != self.done[-1])
        assert self.document.can_undo == (len(self.done) > 1)
        assert self.document.can_redo == bool(self.undone)
        assert [version for version, _ in self.versions] == list(range(len(self.versions)))

    @invariant()
    def the_tree_is_of_the_text(self) -> None:
        assert self.document.lines.position(10**9)[0] == self.document.lines.line_count - 1
        try:
            value = json.loads(self.document.text)
        except ValueError:
            return
        assert self.document.tree.text == self.document.text
        assert self.document.tree.root is not None
        assert self.document.tree.root.value() == value


TestDocument = DocumentMachine.TestCase


def type_in(document: Document, text: str, times: list[float], burst: str = "pattern") -> None:
    for character, now in zip(text, times, strict=True):
        document.apply(insert(document, len(document.text), character), burst=burst, now=now)


def test_a_burst_is_one_step() -> None:
    document = Document("")
    type_in(document, "abc", [1.0, 1.9, 2.9])
    assert document.open_burst == "pattern"
    assert document.undo() is not None
    assert (document.text, document.open_burst) == ("", None)
    assert document.redo() is not None
    assert document.text == "abc"


def test_a_pause_a_name_and_an_end_begin_a_new_step() -> None:
    document = Document("")
    type_in(document, "ab", [1.0, 2.1])
    type_in(document, "c", [2.2], burst="folder")
    document.end_burst()
    type_in(document, "d", [2.3], burst="folder")
    document.apply(insert(document, 4, "e"))
    document.apply(insert(document, 5, "f"))
    texts = [document.text]
    while document.undo():
        texts.append(document.text)
    assert texts == ["abcdef", "abcde", "abcd", "abc", "ab", "a", ""]


def test_an_undo_and_a_save_end_the_burst() -> None:
    document = Document("")
    type_in(document, "ab", [1.0, 1.1])
    document.saved_as(document.text)
    type_in(document, "c", [1.2])
    document.undo()
    assert (document.text, document.modified) == ("ab", False)
    type_in(document, "d", [1.3])
    document.undo()
    assert document.text == "ab"


def test_typing_and_deleting_is_unmodified_again() -> None:
    document = Document("{}")
    document.apply(insert(document, 1, "x"))
    assert document.modified
    document.apply(ChangeSet.replace(3, 1, 2, ""))
    assert not document.modified


def test_typing_during_a_save_stays_unsaved() -> None:
    document = Document("")
    type_in(document, "a", [1.0])
    written = document.text
    type_in(document, "b", [1.1])
    document.saved_as(written)
    assert document.modified
    document.apply(ChangeSet.replace(2, 1, 2, ""))
    assert not document.modified


def test_what_is_on_disk_may_be_unknown() -> None:
    document = Document("{}")
    document.saved_as(None)
    assert document.modified
    document.saved_as("{}")
    assert not document.modified


def test_an_empty_change_does_nothing() -> None:
    document = Document("{}")
    document.apply(ChangeSet(2))
    assert (document.version, document.can_undo) == (0, False)


def test_a_change_of_another_text_is_refused_and_nothing_happens() -> None:
    document = Document("{}")
    with pytest.raises(ValueError, match="code points"):
        document.apply(ChangeSet.replace(3, 0, 0, "x"))
    assert (document.text, document.version, document.can_undo) == ("{}", 0, False)


def test_who_unsubscribed_is_not_called() -> None:
    document, seen = Document(""), []
    unsubscribe = document.subscribe(lambda change: seen.append(change))
    document.apply(insert(document, 0, "a"))
    unsubscribe()
    unsubscribe()
    document.apply(insert(document, 0, "b"))
    assert len(seen) == 1


def test_marks_are_only_held_in_the_text() -> None:
    with pytest.raises(ValueError, match="not in the text"):
        Document("{}").hold(Span(1, 3))
