"""What the app leans on in Textual beyond its public API. A new Textual that breaks one of these
must not be taken before the code that leans on it is mended."""

from __future__ import annotations

import importlib.metadata
import inspect

import tree_sitter
from textual._compositor import ChopsUpdate, Compositor
from textual.app import App
from textual.document._document import DocumentBase
from textual.document._wrapped_document import WrappedDocument
from textual.events import Callback, Key
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.scroll_view import ScrollView
from textual.widget import Widget
from textual.widgets import Input, TextArea


def test_text_area_takes_another_document() -> None:
    area = TextArea()
    for name in (
        *("document", "wrapped_document", "navigator", "history"),
        *("_theme", "_draw_cursor", "_matching_bracket_location"),
    ):
        assert hasattr(area, name), name
    for method in (
        "_build_highlight_map",
        "_refresh_size",
        "_rewrap_and_refresh_virtual_size",
        "_replace_via_keyboard",
        "_watch_selection",
        "_on_key",
        "_on_paste",
        "_render_line",
        "find_matching_bracket",
        "get_line",
        "clamp_visitable",
    ):
        assert callable(getattr(TextArea, method, None)), method
    asked = {name for name in vars(DocumentBase) if not name.startswith("_")}
    assert asked <= {
        "replace_range", "text", "newline", "lines", "get_line", "get_text_range", "get_size",
        "line_count", "start", "end", "query_syntax_tree", "prepare_query",
    }  # fmt: skip


def test_a_row_of_the_screen_is_looked_up_in_the_wrapped_document() -> None:
    source = inspect.getsource(TextArea._render_line)
    assert "_offset_to_line_info[y_offset]" in source
    for method in ("wrap", "wrap_range", "get_offsets", "get_sections", "get_tab_widths"):
        assert callable(getattr(WrappedDocument, method))


def test_every_replacement_in_text_area_goes_through_the_document() -> None:
    source = inspect.getsource(TextArea.edit)
    assert "edit.do(self)" in source


def test_keys_are_forwarded_once_and_climb_back_to_the_app() -> None:
    assert "is_forwarded" in inspect.getsource(App.on_event)
    assert "_check_bindings" in inspect.getsource(App._on_key) or "_check_bindings" in (
        inspect.getsource(App)
    )
    assert Key("a", "a").is_forwarded is False
    assert "Callback" in inspect.getsource(MessagePump.call_later)
    assert Callback is not None


def test_input_watches_its_value_at_once() -> None:
    assert not inspect.iscoroutinefunction(Input._watch_value)


def test_tree_sitter_is_the_one_that_does_not_crash() -> None:
    assert importlib.metadata.version("tree-sitter") == "0.25.2"
    assert tree_sitter.LANGUAGE_VERSION >= 14


def test_a_fatal_error_has_one_way_out() -> None:
    assert "_close_messages_no_wait" in inspect.getsource(App._fatal_error)


def test_an_update_of_the_screen_is_pieces_of_lines() -> None:
    """What tui/app/terminal/shown.py leaves out, and where the app hands it over."""
    update = ChopsUpdate([{0: None}], [(0, 0, 1)], [[1]])
    assert (update.chops, update.spans, update.chop_ends) == ([{0: None}], [(0, 0, 1)], [[1]])
    assert "strip.render(console)" in inspect.getsource(ChopsUpdate.render_segments)
    assert "renderable.render_segments(console)" in inspect.getsource(App._display)
    assert "app._display(self, update)" in inspect.getsource(Screen._compositor_refresh)


def test_the_compositor_paints_by_pieces_of_its_visible_widgets() -> None:
    """What tui/app/terminal/composing.py overrides, and asks."""
    assert "self._compositor = Compositor()" in inspect.getsource(Screen.__init__)
    assert "self._render_chops" in inspect.getsource(Compositor.render_partial_update)
    assert "self._render_chops" in inspect.getsource(Compositor.render_full_update)
    for name in ("cuts", "visible_widgets", "_regions_to_spans"):
        assert hasattr(Compositor, name), name


def test_a_scrolled_size_needs_no_layout() -> None:
    """Lists and fields take `virtual_size` without one: their scroll bars ask for it themselves."""
    assert issubclass(Input, ScrollView)
    assert Widget.show_vertical_scrollbar._layout
    assert "_refresh_scrollbars" in inspect.getsource(Widget._scroll_update)


def test_text_area_styles_its_theme_where_it_draws() -> None:
    """The editor does it when a style has changed."""
    assert "apply_css(self)" in inspect.getsource(TextArea.render_lines)
    assert "notify_style_update" in vars(TextArea)
