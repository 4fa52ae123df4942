import pytest

from resources.demo.pack.errors import SourceError
from resources.demo.pack.sheets import parse_sheet

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
