import pytest

from resources.demo.pack.art import Colour
from resources.demo.pack.errors import SourceError
from resources.demo.pack.tiles import BankPlan, TileSet, cut, encode_tile, letters_of, plan_banks

CORNER = ("ab......", *["........"] * 7)
EMPTY = ("........",) * 8
FLIP_X, FLIP_Y = 1 << 10, 1 << 11


def test_a_picture_is_cut_row_by_row() -> None:
    rows = [letter * 8 + other * 8 for letter, other in ("ab", "cd") for _ in range(8)]
    assert [letters_of(tile) for tile in cut(rows)] == [{"a"}, {"b"}, {"c"}, {"d"}]


def test_pixels_are_four_bits_the_left_one_low() -> None:
    assert encode_tile(CORNER, "ab") == bytes([0x21]) + bytes(31)


def test_mirrored_tiles_share_a_number() -> None:
    tiles = TileSet(BankPlan(("ab",)))
    mirrored = tuple(row[::-1] for row in CORNER)
    assert tiles.entry(CORNER) == 1
    assert tiles.entry(mirrored) == 1 | FLIP_X
    assert tiles.entry(CORNER[::-1]) == 1 | FLIP_Y
    assert tiles.entry(mirrored[::-1]) == 1 | FLIP_X | FLIP_Y
    assert tiles.entry(EMPTY) == 0
    assert tiles.count == 2


def test_a_tile_is_shown_with_the_bank_that_has_its_colours() -> None:
    tiles = TileSet(BankPlan(("xy", "ab")))
    assert tiles.entry(CORNER) >> 12 == 1
    with pytest.raises(SourceError, match="no palette bank holds the colours q"):
        tiles.entry(("q" * 8,) * 8)


def test_banks_are_shared_while_they_have_room() -> None:
    plan = plan_banks([("abc",), ("bcd",), ("a",)], limit=1)
    assert plan.banks == ("abcd",)


def test_too_many_colours_are_refused() -> None:
    with pytest.raises(SourceError, match="a tile has 16 colours"):
        plan_banks([("abcdefghijklmnop",)], limit=16)
    with pytest.raises(SourceError, match="needs 2 palette banks, there are 1"):
        plan_banks([("abcdefghij",), ("klmnopqrst",)], limit=1)


def test_colours_that_change_together_stay_together() -> None:
    plan = plan_banks([("1a",)], limit=1)
    assert set("123") <= set(plan.banks[0])
    assert plan.positions("1") == [plan.banks[0].index("1") + 1]


def test_palette_memory_has_sixteen_colours_a_bank() -> None:
    palette = {"a": Colour(1, "one"), "b": Colour(2, "two")}
    assert BankPlan(("b", "ab")).colours(palette) == [0, 2, *[0] * 14, 0, 1, 2, *[0] * 13]
