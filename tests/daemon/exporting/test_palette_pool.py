"""Screenshots recoded on several threads."""

from collections.abc import Iterator

import pytest

from daemon.exporting.palette_pool import recoded
from protocol.errors import DocumentError
from protocol.session.screenshots import pixels
from tests.daemon.exporting.recordings import screenshot

BATCHES = [[screenshot(number) for number in range(first, first + 5)] + [b""] for first in range(0, 20, 5)]


def test_screenshots_come_back_in_order_with_the_same_pixels() -> None:
    for before, after in zip(BATCHES * 5, recoded(BATCHES * 5), strict=True):
        assert after[-1] == b""
        assert all((pixels(old) == pixels(new)).all() for old, new in zip(before[:-1], after[:-1], strict=True))


def test_what_comes_out_does_not_depend_on_what_came_before() -> None:
    assert list(recoded(BATCHES))[-1] == next(recoded(BATCHES[-1:]))


def test_few_batches_are_read_ahead() -> None:
    read = 0

    def batches() -> Iterator[list[bytes]]:
        nonlocal read
        for batch in BATCHES * 25:
            read += 1
            yield batch

    next(recoded(batches()))
    assert read < 10


def test_a_screenshot_that_cannot_be_decoded_is_reported() -> None:
    with pytest.raises(DocumentError, match="cannot be decoded"):
        list(recoded([[b"no screenshot"]] * 3))
