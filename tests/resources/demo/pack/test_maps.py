import pytest

from resources.demo.pack.art import Picture
from resources.demo.pack.errors import SourceError
from resources.demo.pack.maps import SUBJECT_SHIFT, CellFlag, PaintedMap, paint_map

LEGEND = """\
; a garden
terrain . grass
terrain ~ water auto solid joins:#
terrain # bridge
terrain " tall tall
object H house . home
object b bush .
marker 1 door . door
marker @ start .
grid
"""


def plain(letter: str, width: int = 16, height: int = 16, **notes: str) -> Picture:
    return Picture(letter, (letter * width,) * height, notes)


ART = {
    **{f"{stem}_0": plain(letter) for stem, letter in (("grass", "g"), ("bridge", "r"), ("tall", "t"))},
    **{
        f"water_{piece}": plain(letter)
        for piece, letter in (("island", "i"), ("columns", "c"), ("rows", "h"), ("inner", "n"), ("fill", "f"))
    },
    "house": plain("H", 32, 48, solid="2x2", over="16"),
    "bush": plain("b", solid="1x1"),
}


def paint(grid: str, subjects: dict[str, int] | None = None) -> PaintedMap:
    return paint_map(LEGEND + grid, "map.txt", ART, {} if subjects is None else subjects)


def quarters(painted: PaintedMap, column: int, row: int) -> str:
    rows = painted.layers[0].rows
    return "".join(rows[row * 16 + y][column * 16 + x] for y in (0, 8) for x in (0, 8))


def test_water_is_drawn_by_its_neighbours() -> None:
    painted = paint(".....\n.~~~.\n.~~~.\n.~...\n.....")
    assert quarters(painted, 1, 1) == "ihcf"
    assert quarters(painted, 2, 1) == "hhff"
    assert quarters(painted, 1, 2) == "cfcn"
    assert quarters(painted, 3, 2) == "fchi"
    assert quarters(painted, 0, 0) == "gggg"


def test_water_has_no_shore_at_a_bridge_nor_at_the_edge_of_the_map() -> None:
    assert quarters(paint("~#"), 0, 0) == "ffff"


def test_terrain_says_where_one_may_walk() -> None:
    cells = paint('.~#"').cells
    assert list(cells) == [CellFlag.FREE, CellFlag.SOLID, CellFlag.FREE, CellFlag.TALL_GRASS]


def test_a_thing_is_solid_below_and_hangs_over_above() -> None:
    subjects = {"well": 1}
    painted = paint("...\n...\n.1.\nH..".replace("1", "."), subjects)
    home = CellFlag.SOLID | subjects["home"] << SUBJECT_SHIFT
    assert subjects == {"well": 1, "home": 2}
    assert list(painted.cells) == [0, 0, 0, 0, 0, 0, home, home, 0, home, home, 0]
    _, things, canopy = painted.layers
    assert {row[0] for row in canopy.rows[16:32]} == {"H"}
    assert {row[0] for row in things.rows[:32]} == {"."}
    assert {row[0] for row in things.rows[32:]} == {"H"}
    assert painted.markers["home"] == (0, 3)


def test_a_door_opens_a_cell_inside_a_thing() -> None:
    painted = paint("...\n1..\nH.@")
    assert painted.markers == {"door": (0, 1), "home": (0, 2), "start": (2, 2)}
    assert painted.cells[3] == CellFlag.DOOR


def test_a_thing_at_the_edge_is_cut_off() -> None:
    assert paint("...\n...\n..H").cells[8] & CellFlag.SOLID


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("..\n.", "a row has 1 cells, the first has 2"),
        ("?", r"no meaning for \['\?'\]"),
    ],
)
def test_a_malformed_grid_is_named(text: str, complaint: str) -> None:
    with pytest.raises(SourceError, match=complaint):
        paint(text)


def test_a_malformed_legend_is_named() -> None:
    with pytest.raises(SourceError, match="expected terrain, object or marker with their fields, got 'cloud c'"):
        paint_map("terrain . grass\ncloud c\ngrid\n.", "map.txt", ART, {})


def test_a_missing_picture_is_named() -> None:
    with pytest.raises(SourceError, match="there is no picture 'lava_0'"):
        paint_map("terrain . lava\ngrid\n.", "map.txt", ART, {})
