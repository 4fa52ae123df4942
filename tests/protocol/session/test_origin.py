"""The origin of a session in its metadata."""

import pytest

from protocol.session.origin import Origin, Parent, parse_origin


@pytest.mark.parametrize(
    "origin",
    [Origin("mGBA"), Origin("mGBA", has_savestate=True, frame=70, parent=Parent("evening", "0a1b", 13))],
)
def test_it_is_read_as_it_was_written(origin: Origin) -> None:
    assert parse_origin({"origin": origin.as_map()}) == origin


@pytest.mark.parametrize(
    "found", [None, "headless", {}, {"kind": "headless"}, {"kind": "other"}, {**Origin("mGBA").as_map(), "frame": "x"}]
)
def test_anything_else_is_none(found: object) -> None:
    assert parse_origin({"origin": found}) is None
