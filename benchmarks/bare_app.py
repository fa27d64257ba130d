"""The least that Textual can show: what every app made with it pays."""

from textual.app import App, ComposeResult
from textual.widgets import Input, Static


class BareApp(App[None]):
    """A line of text and a field."""

    def compose(self) -> ComposeResult:
        yield Static("bare app")
        field = Input(placeholder="type here")
        field.cursor_blink = False
        yield field


BareApp().run()
