import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from tui.visible import visible


@given(st.text(alphabet=st.characters()))
def test_nothing_that_steers_a_terminal_passes_and_offsets_stay_true(text: str) -> None:
    shown = visible(text)
    assert len(shown) == len(text)
    assert not any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for c in shown)


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S", "Zs"])))
def test_ordinary_text_is_untouched(text: str) -> None:
    assert visible(text) == text


def test_every_code_point_is_judged() -> None:
    for code in range(0x110000):
        assert unicodedata.category(visible(chr(code))) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}
