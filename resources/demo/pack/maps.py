"""Text maps: one letter per 16x16 cell, painted into three pictures and a grid of cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntFlag

from resources.demo.pack.art import TRANSPARENT, Picture
from resources.demo.pack.errors import SourceError

__all__ = ["CELL", "SUBJECT_SHIFT", "CellFlag", "PaintedMap", "paint_map"]

CELL = 16
"""Width and height of a cell in pixels."""

SUBJECT_SHIFT = 4
"""A cell's upper four bits number the subject that can be looked at, from 1; 0 is none."""


class CellFlag(IntFlag):
    """Flags of a cell, in its lower four bits; the same as `enum cell_flag` in `stage.h`."""

    FREE = 0
    SOLID = 1
    TALL_GRASS = 2
    DOOR = 4


@dataclass(frozen=True)
class PaintedMap:
    """A map as the game needs it."""

    layers: tuple[Picture, Picture, Picture]
    """Ground, things on it, and what hangs over the heads of those who walk there."""
    cells: bytes
    """One byte per cell, row by row: `CellFlag` and subject."""
    markers: Mapping[str, tuple[int, int]]
    """Named cells as (column, row)."""


@dataclass(frozen=True)
class _Terrain:
    stem: str
    words: frozenset[str]

    @property
    def flags(self) -> CellFlag:
        solid = CellFlag.SOLID if "solid" in self.words else CellFlag.FREE
        return solid | (CellFlag.TALL_GRASS if "tall" in self.words else CellFlag.FREE)

    @property
    def joined(self) -> str:
        return "".join(word.removeprefix("joins:") for word in self.words if word.startswith("joins:"))


@dataclass(frozen=True)
class _Thing:
    picture: str
    ground: str
    subject: str


@dataclass(frozen=True)
class _Marker:
    name: str
    ground: str
    is_door: bool


@dataclass(frozen=True)
class _Legend:
    terrain: Mapping[str, _Terrain]
    things: Mapping[str, _Thing]
    markers: Mapping[str, _Marker]

    def ground(self, letter: str) -> str:
        spot = self.things.get(letter) or self.markers.get(letter)
        return spot.ground if spot else letter


def paint_map(text: str, source: str, art: Mapping[str, Picture], subjects: dict[str, int]) -> PaintedMap:
    """Read a text map and paint it.

    The head lists what letters mean, one a line; the word `grid` and the rows of cells follow::

        terrain LETTER STEM [auto] [solid] [tall] [joins:LETTERS]   the ground itself
        object  LETTER PICTURE GROUND [SUBJECT]                     a picture whose bottom left cell this is
        marker  LETTER NAME GROUND [door]                           a cell the game knows by name

    `auto` terrain is drawn from quarter cells of `STEM_island`, `_columns`, `_rows`, `_inner` and `_fill`, over the
    first terrain of the list, and has no border towards the terrain it joins; other terrain is drawn from its
    variants `STEM_0`, `STEM_1` … An object's head may have `solid=WxH` (cells, from its bottom left) and `over=N` (its
    top N pixel rows belong to the canopy). A subject is something to look at; its first cell becomes a marker too.
    `door` opens a cell inside something solid.

    Args:
        text: the map file.
        source: name of the file, for errors.
        art: pictures by name.
        subjects: the subjects known so far, by name; new ones are added with the next number.

    Raises:
        SourceError: a letter or a picture is unknown, or the rows differ in length.
    """
    head, _, body = text.partition("\ngrid\n")
    legend = _parse_legend(head, source)
    grid = body.splitlines()
    for row in grid:
        if len(row) != len(grid[0]):
            raise SourceError(f"{source}: a row has {len(row)} cells, the first has {len(grid[0])}")
        unknown = {letter for letter in row if legend.ground(letter) not in legend.terrain}
        if unknown:
            raise SourceError(f"{source}: no meaning for {sorted(unknown)}")
    try:
        return _Painter(legend, grid, art, subjects).paint()
    except KeyError as error:
        raise SourceError(f"{source}: there is no picture {error}") from error


def _parse_legend(head: str, source: str) -> _Legend:
    terrain: dict[str, _Terrain] = {}
    things: dict[str, _Thing] = {}
    markers: dict[str, _Marker] = {}
    for line in head.splitlines():
        match line.split():
            case [] | [";", *_]:
                continue
            case ["terrain", letter, stem, *words]:
                terrain[letter] = _Terrain(stem, frozenset(words))
            case ["object", letter, name, ground, *subject] if len(subject) <= 1:
                things[letter] = _Thing(name, ground, "".join(subject))
            case ["marker", letter, name, ground, *door] if door in ([], ["door"]):
                markers[letter] = _Marker(name, ground, bool(door))
            case _:
                raise SourceError(f"{source}: expected terrain, object or marker with their fields, got {line!r}")
    return _Legend(terrain, things, markers)


class _Canvas:
    """A picture while it is painted."""

    def __init__(self, columns: int, rows: int) -> None:
        self._rows = [[TRANSPARENT] * (columns * CELL) for _ in range(rows * CELL)]

    def stamp(self, rows: Sequence[str], x: int, y: int) -> None:
        """Paint pixel rows with their top left corner at (x, y); what lies outside is cut off."""
        for dy, row in enumerate(rows):
            if 0 <= y + dy < len(self._rows):
                target = self._rows[y + dy]
                for dx, letter in enumerate(row):
                    if letter != TRANSPARENT and 0 <= x + dx < len(target):
                        target[x + dx] = letter

    def picture(self, name: str) -> Picture:
        return Picture(name, tuple("".join(row) for row in self._rows))


class _Painter:
    def __init__(
        self, legend: _Legend, grid: Sequence[str], art: Mapping[str, Picture], subjects: dict[str, int]
    ) -> None:
        self._legend, self._grid, self._art, self._subjects = legend, grid, art, subjects
        self._width, self._height = len(grid[0]), len(grid)
        self._base = next(iter(legend.terrain.values()))
        self._land = ["".join(map(legend.ground, row)) for row in grid]
        self._ground, self._things, self._canopy = (_Canvas(self._width, self._height) for _ in range(3))
        self._cells = [0] * (self._width * self._height)
        self._markers: dict[str, tuple[int, int]] = {}

    def paint(self) -> PaintedMap:
        places = [(column, row) for row in range(self._height) for column in range(self._width)]
        for column, row in places:
            self._paint_ground(column, row)
            thing = self._legend.things.get(self._grid[row][column])
            if thing is not None:
                self._place_thing(thing, column, row)
        for column, row in places:
            marker = self._legend.markers.get(self._grid[row][column])
            if marker is not None:
                self._markers[marker.name] = (column, row)
                if marker.is_door:
                    self._cells[row * self._width + column] = CellFlag.DOOR
        layers = self._ground.picture("ground"), self._things.picture("things"), self._canopy.picture("canopy")
        return PaintedMap(layers, bytes(self._cells), self._markers)

    def _paint_ground(self, column: int, row: int) -> None:
        x, y = column * CELL, row * CELL
        terrain = self._legend.terrain[self._land[row][column]]
        self._ground.stamp(self._variant(self._base.stem, column, row), x, y)
        if "auto" in terrain.words:
            self._stamp_quarters(terrain, column, row)
        elif terrain is not self._base:
            self._ground.stamp(self._variant(terrain.stem, column, row), x, y)
        self._cells[row * self._width + column] |= terrain.flags

    def _variant(self, stem: str, column: int, row: int) -> Sequence[str]:
        """Choose one of a terrain's pictures, scattered without a pattern, the same each build."""
        count = 0
        while f"{stem}_{count}" in self._art:
            count += 1
        scatter = (column * 73856093 ^ row * 19349663) >> 3
        return self._art[f"{stem}_{scatter % count if count else 0}"].rows

    def _stamp_quarters(self, terrain: _Terrain, column: int, row: int) -> None:
        """Paint each quarter of a cell by its three neighbours; the terrain goes on outside."""
        joined = self._land[row][column] + terrain.joined
        half = CELL // 2

        def same(dx: int, dy: int) -> bool:
            x, y = column + dx, row + dy
            inside = 0 <= y < self._height and 0 <= x < self._width
            return not inside or self._land[y][x] in joined

        for dy, top in ((-1, 0), (1, half)):
            for dx, left in ((-1, 0), (1, half)):
                match same(dx, 0), same(0, dy):
                    case True, True:
                        piece = "fill" if same(dx, dy) else "inner"
                    case True, False:
                        piece = "rows"
                    case False, True:
                        piece = "columns"
                    case _:
                        piece = "island"
                rows = self._art[f"{terrain.stem}_{piece}"].rows
                quarter = [line[left : left + half] for line in rows[top : top + half]]
                self._ground.stamp(quarter, column * CELL + left, row * CELL + top)

    def _place_thing(self, thing: _Thing, column: int, row: int) -> None:
        picture = self._art[thing.picture]
        x, y = column * CELL, (row + 1) * CELL - picture.height
        over = int(picture.notes.get("over", "0"))
        self._canopy.stamp(picture.rows[:over], x, y)
        self._things.stamp(picture.rows[over:], x, y + over)
        subject = 0
        if thing.subject:
            subject = self._subjects.setdefault(thing.subject, len(self._subjects) + 1)
            self._markers.setdefault(thing.subject, (column, row))
        width, height = (int(part) for part in picture.notes.get("solid", "0x0").split("x"))
        for up in range(height):
            for right in range(min(width, self._width - column)):
                self._cells[(row - up) * self._width + column + right] |= CellFlag.SOLID | subject << SUBJECT_SHIFT
