import pytest

from resources.demo.pack.art import Colour, parse_palette, parse_sheet
from resources.demo.pack.errors import SourceError

ROWS = "aabbccdd\n" * 8


def test_pictures_keep_their_order_notes_and_rows() -> None:
    sheet = parse_sheet(f"; art\n[second 8x8 solid=2x1 over=8]\n{ROWS}\n[first 8x8]\n{ROWS}", "art.txt")
    assert list(sheet) == ["second", "first"]
    assert sheet["second"].notes == {"solid": "2x1", "over": "8"}
    assert sheet["first"].rows == ("aabbccdd",) * 8
    assert (sheet["first"].width, sheet["first"].height) == (8, 8)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (f"[x 8 8]\n{ROWS}", r"art.txt:1: expected \[name WIDTHxHEIGHT\]"),
        (f"[x 12x8]\n{ROWS}", "art.txt:1: x is not made of whole 8x8 tiles"),
        (f"[x 8x16]\n{ROWS}", "art.txt:1: x does not have 16 rows of 8 letters"),
        (f"; art\n[x 16x8]\n{ROWS}", "art.txt:2: x does not have 8 rows of 16 letters"),
    ],
)
def test_a_malformed_picture_is_named(text: str, complaint: str) -> None:
    with pytest.raises(SourceError, match=complaint):
        parse_sheet(text, "art.txt")


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
