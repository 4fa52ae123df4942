import pytest

from resources.demo.pack.errors import SourceError
from resources.demo.pack.palette import Colour, parse_palette


def test_a_line_is_a_letter_a_colour_and_a_name() -> None:
    palette = parse_palette("; sky and sun\n\nb #0000ff blue\ny #f8f800 yellow\n")
    assert palette == {"b": Colour(0x7C00, "blue"), "y": Colour(0x03FF, "yellow")}


@pytest.mark.parametrize("line", ["bb #0000ff blue", "b 0000ff blue", "b #0000ff"])
def test_a_malformed_line_is_named(line: str) -> None:
    with pytest.raises(SourceError, match="palette line 2"):
        parse_palette(f"; colours\n{line}\n")


def test_a_letter_has_one_colour() -> None:
    with pytest.raises(SourceError, match="palette line 2"):
        parse_palette("b #0000ff blue\nb #000080 navy\n")
