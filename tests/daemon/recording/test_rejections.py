"""Reports of rejected connections."""

from daemon.recording.rejections import PAUSE, Rejections


def test_single_ones_are_reported_as_they_are() -> None:
    rejections = Rejections()
    assert rejections.note("one.", 0) == "one."
    assert rejections.note("two.", PAUSE) == "two."


def test_of_a_crowd_only_the_number_is_reported() -> None:
    rejections = Rejections()
    assert [rejections.note("one.", now) for now in range(0, PAUSE, PAUSE // 4)] == ["one.", None, None, None]
    assert rejections.note("another.", PAUSE) == "another. 3 more since the last line."
    assert rejections.note("a third.", 2 * PAUSE) == "a third."


def test_a_clock_that_is_set_back_silences_nobody() -> None:
    rejections = Rejections()
    rejections.note("one.", 1_000_000)
    assert rejections.note("two.", 5) == "two."
