import pytest

from daemon.exporting import painters
from daemon.exporting.pictures import pixels
from daemon.importing.crew import Crew
from protocol.errors import ExportError
from tests.daemon.exporting.recordings import picture

BATCHES = [[picture(number) for number in range(first, first + 5)] + [b""] for first in range(0, 20, 5)]


@pytest.mark.parametrize("pieces", [0, 100])
def test_pictures_come_back_in_order_with_the_same_pixels(pieces: int) -> None:
    with Crew[list[bytes], list[bytes]](painters.__name__, None, pieces) as crew:
        painted = list(crew.results(BATCHES * 5))
    for before, after in zip(BATCHES * 5, painted, strict=True):
        assert after[-1] == b""
        assert all((pixels(old) == pixels(new)).all() for old, new in zip(before[:-1], after[:-1], strict=True))


@pytest.mark.parametrize("pieces", [0, 100])
def test_a_picture_that_can_not_be_decoded_is_said_so(pieces: int) -> None:
    with (
        Crew[list[bytes], list[bytes]](painters.__name__, None, pieces) as crew,
        pytest.raises(ExportError, match="cannot be decoded"),
    ):
        list(crew.results([[b"no picture"]] * 3))
