"""The flaws that are read as well as written."""

import pytest

from protocol.session.flaws import (
    NO_SCREENSHOT,
    borrowed_flaw,
    borrowed_from,
    cut_short,
    is_resized,
    lacks_screenshot,
    resized,
)


@pytest.mark.parametrize("origin", [0, 7, 123_456])
def test_what_is_written_is_read(origin: int) -> None:
    assert borrowed_from(borrowed_flaw(origin)) == origin


@pytest.mark.parametrize(
    "flaw", ["", "it was cut short", "its screenshot is that of frame set ", borrowed_flaw(1) + "x"]
)
def test_any_other_flaw_lends_nothing(flaw: str) -> None:
    assert borrowed_from(flaw) is None


def test_its_wording_stays_for_it_is_in_files() -> None:
    assert borrowed_flaw(12) == "its screenshot is that of frame set 12"


def test_a_change_of_size_is_known_again() -> None:
    assert is_resized(resized((480, 320), (240, 160)))
    assert not is_resized(borrowed_flaw(12))


def test_a_screenshot_is_lost_unless_its_set_was_cut_short() -> None:
    assert lacks_screenshot([NO_SCREENSHOT, borrowed_flaw(1)])
    assert not lacks_screenshot([cut_short("reset"), NO_SCREENSHOT, borrowed_flaw(1)])
    assert not lacks_screenshot([])
