import io
import os
import signal
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.export import painters
from daemon.export.errors import ExportError
from daemon.export.painters import Painters, read_list, write_list
from daemon.export.pictures import pixels
from tests.daemon.export.recordings import picture

BATCHES = [[picture(number) for number in range(first, first + 5)] + [b""] for first in range(0, 20, 5)]


@given(st.lists(st.binary(max_size=20), max_size=5))
def test_a_list_crosses_a_pipe_as_it_is(items: list[bytes]) -> None:
    stream = io.BytesIO()
    write_list(stream, items)
    stream.seek(0)
    assert read_list(stream) == items
    assert read_list(stream) is None


def test_a_list_that_ends_too_early_is_noticed() -> None:
    stream = io.BytesIO()
    write_list(stream, [b"abc", b"de"])
    for length in range(1, len(stream.getvalue())):
        with pytest.raises(EOFError):
            read_list(io.BytesIO(stream.getvalue()[:length]))


@pytest.mark.parametrize("count", [10, painters.WORTH_A_CHILD])
def test_pictures_come_back_in_order_with_the_same_pixels(count: int) -> None:
    with Painters(count) as workers:
        painted = [batch.result() for batch in map(workers.repaint, BATCHES)]
    for before, after in zip(BATCHES, painted, strict=True):
        assert after[-1] == b""
        assert all((pixels(old) == pixels(new)).all() for old, new in zip(before[:-1], after[:-1], strict=True))


def test_a_child_that_dies_is_replaced_by_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(painters, "MOST_CHILDREN", 1)
    with Painters(painters.WORTH_A_CHILD) as workers:
        workers.repaint(BATCHES[0]).result()
        (painter,) = workers._every
        assert painter._child is not None
        os.kill(painter._child.pid, signal.SIGTERM)
        painter._child.wait()
        assert len(workers.repaint(BATCHES[1]).result()) == 6
        assert painter._child is None


def test_without_children_this_process_paints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with Painters(painters.WORTH_A_CHILD) as workers:
        assert len(workers.repaint(BATCHES[0]).result()) == 6


def test_a_picture_that_can_not_be_decoded_is_said_so() -> None:
    with Painters(painters.WORTH_A_CHILD) as workers, pytest.raises(ExportError, match="can not be decoded"):
        workers.repaint([b"no picture"]).result()
