from hypothesis import given
from hypothesis import strategies as st

from tui.document.offsets import ByteMap

# Blocks are of 512 bytes: these texts end in, at and around the ends of some.
PIECES = st.sampled_from(
    ["a" * 508, "é" * 255, "😀" * 127, "a", "é", "\u2028", "😀", "\n", "\ud800"]
)


@given(st.lists(PIECES, max_size=12).map("".join))
def test_offsets_and_bytes_are_each_others_inverse(text: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    table = ByteMap(text, data)
    for offset in {*range(0, len(text) + 1, 7), *range(max(0, len(text) - 9), len(text) + 1)}:
        byte = table.to_byte(offset)
        assert data[byte:].decode("utf-8", "surrogatepass") == text[offset:]
        assert table.to_offset(byte) == offset


@given(st.lists(PIECES, max_size=6).map("".join))
def test_a_point_is_the_row_by_lf_and_the_column_in_bytes(text: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    table = ByteMap(text, data)
    for byte in range(0, len(data) + 1, 5):
        lines = data[:byte].split(b"\n")
        assert table.point(byte) == (len(lines) - 1, len(lines[-1]))
