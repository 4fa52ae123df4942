import pytest

from resources.demo.pack.dwarf import Array, Enumeration, Scalar, Structure, Type, Variable
from resources.demo.pack.errors import SourceError
from resources.demo.pack.symbols import list_symbols, read_meanings

U8, S16 = Scalar(1, signed=False), Scalar(2, signed=True)
POINT = Structure("point", 4, (("x", 0, S16), ("y", 2, S16)))
MEANINGS = {("", "spot"): "a spot", ("point", "x"): "to the right", ("point", "y"): "down"}


def rows(name: str, address: int, kind: Type) -> list[tuple[object, ...]]:
    listed = list_symbols([Variable(name, address, kind)], MEANINGS)
    return [(row["name"], row["address"], row["type"], row.get("count"), row.get("stride")) for row in listed]


def test_meanings_stand_behind_declarations() -> None:
    source = (
        "struct point {\n    s16 x; /// to the right\n    s16 y[2]; /// down\n};\n"
        "EWRAM static struct point spots[4][2]; /// where things are\nu8 mood = 3; /// how it feels\nu8 plain; // no\n"
    )
    assert read_meanings([source]) == {
        ("point", "x"): "to the right",
        ("point", "y"): "down",
        ("", "spots"): "where things are",
        ("", "mood"): "how it feels",
    }


def test_a_structure_is_listed_by_its_members() -> None:
    assert rows("spot", 0x02000010, POINT) == [
        ("spot.x", "02000010", "s16", None, None),
        ("spot.y", "02000012", "s16", None, None),
    ]


def test_few_structures_are_listed_one_by_one_and_many_with_their_stride() -> None:
    assert rows("spot", 0x03000000, Array(POINT, 2))[2] == ("spot[1].x", "03000004", "s16", None, None)
    assert rows("spot", 0x03000000, Array(POINT, 40)) == [
        ("spot[].x", "03000000", "s16", 40, 4),
        ("spot[].y", "03000002", "s16", 40, 4),
    ]


def test_tables_are_counted_through() -> None:
    assert rows("spot", 0x02000000, Array(Array(U8, 3), 2)) == [("spot", "02000000", "u8", 6, 1)]


def test_an_enumeration_names_its_values() -> None:
    moods = Enumeration(1, {0: "MOOD_VERY_GOOD", 1: "MOOD_BAD"})
    (row,) = list_symbols([Variable("spot", 0x02000000, moods)], MEANINGS)
    assert row == {
        "name": "spot",
        "address": "02000000",
        "region": "ewram",
        "type": "u8",
        "values": {"0": "very_good", "1": "bad"},
        "meaning": "a spot",
    }


def test_what_lies_in_the_cartridge_is_left_out() -> None:
    assert rows("spot", 0x08000000, POINT) == []


@pytest.mark.parametrize(
    ("variable", "complaint"),
    [
        (Variable("secret", 0x02000000, U8), "secret has no /// comment"),
        (Variable("spot", 0x02000000, Scalar(8, signed=False)), "spot is 8 bytes wide"),
        (Variable("spot", 0x02000000, Array(Array(POINT, 9), 2)), "more than one dimension"),
        (
            Variable("spot", 0x02000000, Array(Structure("point", 8, (("x", 0, Array(U8, 8)),)), 9)),
            "inside a long array",
        ),
    ],
)
def test_what_cannot_be_listed_is_named(variable: Variable, complaint: str) -> None:
    with pytest.raises(SourceError, match=complaint):
        list_symbols([variable], MEANINGS)
