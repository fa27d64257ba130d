"""Wishes for a KrakenD."""

from __future__ import annotations

import pytest

from tui.krakend.releases import newest, releases
from tui.krakend.target import TargetError, default_target, parse_target


@pytest.mark.parametrize(
    ("which", "edition", "release"),
    [
        ("2.12.0", "ce", "2.12.0"),
        ("2.10", "ce", newest("2.10").version),  # type: ignore[union-attr]
        ("ce-2.13", "ce", newest("2.13").version),  # type: ignore[union-attr]
        ("CE-2.13", "ce", newest("2.13").version),  # type: ignore[union-attr]
        ("ee-2.13", "ee", "2.13"),
        ("ee-2.13.2", "ee", "2.13.2"),
        (" 2.12.0 ", "ce", "2.12.0"),
        ("ce-3.0", "ce", "3.0"),
        ("ee-3.0", "ee", "3.0"),
    ],
)
def test_wishes(which: str, edition: str, release: str) -> None:
    target = parse_target(which)
    assert (target.edition, target.release) == (edition, release)


def test_a_community_release_has_its_go() -> None:
    assert parse_target("2.12.0").go == "1.25.3"
    assert parse_target("ee-2.12").go is None


@pytest.mark.parametrize(
    ("which", "hint"),
    [
        ("2.13.99", "2.13.9" if newest("2.14") else "2.13.8"),
        ("ee-2.99", "ee-2.9"),
        ("nonsense", "2.13"),
        ("", "2.13"),
        ("2", "2.13"),
        ("２.13", "2.13"),
        ("2.13.8.1", "2.13.8"),
        ("\x1b[31m", "2.13"),
    ],
)
def test_wrong_wishes_name_close_ones(which: str, hint: str) -> None:
    with pytest.raises(TargetError) as raised:
        parse_target(which)
    assert hint in raised.value.hint
    assert "\x1b" not in raised.value.message


def test_default_is_the_newest_community_release_with_plugins() -> None:
    target = default_target()
    assert target.edition == "ce"
    assert (
        target.release
        == max(
            (r for r in releases() if r.version.startswith("2.")), key=lambda r: r.numbers
        ).version
    )
