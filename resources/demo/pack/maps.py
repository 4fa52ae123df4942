"""Text maps: one letter per 16x16 cell, painted into three pictures (ground, things, canopy) and a grid of cell flags."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntFlag

from resources.demo.pack.errors import SourceError
from resources.demo.pack.palette import TRANSPARENT
from resources.demo.pack.sheets import Picture

__all__ = ["CELL", "SUBJECT_SHIFT", "CellFlag", "PaintedMap", "paint_map"]

CELL = 16
"""Width and height of a cell in pixels."""

SUBJECT_SHIFT = 4
"""A cell's upper four bits say which subject there is to look at, counted from 1; 0 is none."""


class CellFlag(IntFlag):
    """What the game asks of a cell, in its lower four bits; ``enum cell_flag`` in ``stage.h`` says the same."""

    FREE = 0
    SOLID = 1
    TALL_GRASS = 2


@dataclass(frozen=True)
class PaintedMap:
    """A map as the game needs it."""

    layers: tuple[Picture, Picture, Picture]
    """Ground, things on it, and what hangs over the heads of those who walk there."""
    flags: bytes
    """One byte per cell, row by row: :class:`CellFlag` and subject."""
    markers: Mapping[str, tuple[int, int]]
    """Named cells as (column, row)."""


@dataclass(frozen=True)
class _Terrain:
    stem: str
    words: frozenset[str]


@dataclass(frozen=True)
class _Spot:
    name: str
    ground: str
    subject: str = ""
    words: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Legend:
    terrain: Mapping[str, _Terrain]
    objects: Mapping[str, _Spot]
    markers: Mapping[str, _Spot]

    def ground(self, letter: str) -> str:
        spot = self.objects.get(letter) or self.markers.get(letter)
        return spot.ground if spot else letter


class _Canvas:
    def __init__(self, columns: int, rows: int) -> None:
        self.rows = [[TRANSPARENT] * (columns * CELL) for _ in range(rows * CELL)]

    def stamp(self, picture: Picture, x: int, y: int, first: int = 0, end: int | None = None) -> None:
        """Paint pixel rows ``first`` to ``end`` of a picture whose top left corner is at (x, y)."""
        for dy in range(first, picture.height if end is None else end):
            if 0 <= y + dy < len(self.rows):
                target = self.rows[y + dy]
                for dx, letter in enumerate(picture.rows[dy]):
                    if letter != TRANSPARENT and 0 <= x + dx < len(target):
                        target[x + dx] = letter

    def picture(self, name: str) -> Picture:
        return Picture(name, tuple("".join(row) for row in self.rows))


def paint_map(text: str, source: str, art: Mapping[str, Picture], subjects: dict[str, int]) -> PaintedMap:
    """Read a text map and paint it.

    The head lists what letters mean, one a line; the word ``grid`` and the rows of cells follow::

        terrain LETTER STEM [auto] [solid] [tall] [joins:LETTERS]   the ground itself
        object  LETTER PICTURE GROUND [SUBJECT]                    a picture whose bottom left cell this is
        marker  LETTER NAME GROUND [free]                          a cell the game knows by name

    ``auto`` terrain is drawn from quarter cells of ``STEM_island``, ``_columns``, ``_rows``, ``_inner`` and ``_fill``, over the first
    terrain of the list, and has no border towards the terrain it joins; other terrain from its variants ``STEM_0``, ``STEM_1`` … An object's head may say ``solid=WxH`` (cells, from
    its bottom left) and ``over=N`` (its top N pixel rows belong to the canopy). A subject is something to look at; its first cell becomes
    a marker too. ``free`` opens a cell inside something solid.

    Args:
        text: the map file.
        source: what to call it in an error.
        art: pictures by name.
        subjects: the subjects known so far, by name; new ones are added with the next number.

    Raises:
        SourceError: a letter or a picture is unknown, or the rows differ in length.
    """
    head, _, body = text.partition("\ngrid\n")
    legend = _parse_legend(head, source)
    grid = body.splitlines()
    columns = len(grid[0]) if grid else 0
    for row in grid:
        if len(row) != columns:
            raise SourceError(f"{source}: a row has {len(row)} cells, the first has {columns}")
        unknown = {letter for letter in row if legend.ground(letter) not in legend.terrain}
        if unknown:
            raise SourceError(f"{source}: no meaning for {sorted(unknown)}")
    ground = ["".join(map(legend.ground, row)) for row in grid]
    canvases = [_Canvas(columns, len(grid)) for _ in range(3)]
    flags = [0] * (columns * len(grid))
    markers: dict[str, tuple[int, int]] = {}
    try:
        _paint_ground(canvases[0], ground, legend, art)
        for row, letters in enumerate(grid):
            for column, letter in enumerate(letters):
                words = legend.terrain[ground[row][column]].words
                at = row * columns + column
                flags[at] |= (CellFlag.SOLID if "solid" in words else 0) | (CellFlag.TALL_GRASS if "tall" in words else 0)
                if letter in legend.objects:
                    thing = legend.objects[letter]
                    picture = art[thing.name]
                    _place(picture, column, row, canvases[1], canvases[2])
                    number = subjects.setdefault(thing.subject, len(subjects) + 1) if thing.subject else 0
                    for cell in _footprint(picture, column, row, columns):
                        flags[cell] |= CellFlag.SOLID | number << SUBJECT_SHIFT
                    if number:
                        markers.setdefault(thing.subject, (column, row))
                elif letter in legend.markers:
                    markers[legend.markers[letter].name] = (column, row)
    except KeyError as error:
        raise SourceError(f"{source}: there is no picture {error}") from error
    for spot in legend.markers.values():
        if "free" in spot.words:
            column, row = markers[spot.name]
            flags[row * columns + column] = CellFlag.FREE
    names = ("ground", "things", "canopy")
    low, middle, high = (canvas.picture(name) for canvas, name in zip(canvases, names, strict=True))
    return PaintedMap((low, middle, high), bytes(flags), markers)


def _parse_legend(head: str, source: str) -> _Legend:
    terrain: dict[str, _Terrain] = {}
    objects: dict[str, _Spot] = {}
    markers: dict[str, _Spot] = {}
    for line in head.splitlines():
        match line.split():
            case [] | [";", *_]:
                continue
            case ["terrain", letter, stem, *words]:
                terrain[letter] = _Terrain(stem, frozenset(words))
            case ["object", letter, name, ground, *subject] if len(subject) <= 1:
                objects[letter] = _Spot(name, ground, subject="".join(subject))
            case ["marker", letter, name, ground, *words]:
                markers[letter] = _Spot(name, ground, words=frozenset(words))
            case _:
                raise SourceError(f"{source}: what does this line mean: {line!r}?")
    return _Legend(terrain, objects, markers)


def _paint_ground(canvas: _Canvas, ground: list[str], legend: _Legend, art: Mapping[str, Picture]) -> None:
    base = next(iter(legend.terrain.values()))
    for row, letters in enumerate(ground):
        for column, letter in enumerate(letters):
            terrain = legend.terrain[letter]
            canvas.stamp(_variant(base.stem, column, row, art), column * CELL, row * CELL)
            if "auto" in terrain.words:
                for picture in _quarters(terrain, letter, ground, column, row, art):
                    canvas.stamp(picture, column * CELL, row * CELL)
            elif terrain is not base:
                canvas.stamp(_variant(terrain.stem, column, row, art), column * CELL, row * CELL)


def _variant(stem: str, column: int, row: int, art: Mapping[str, Picture]) -> Picture:
    """One of a terrain's pictures, scattered so that no pattern shows but the same at every build."""
    count = 0
    while f"{stem}_{count}" in art:
        count += 1
    scatter = (column * 73856093 ^ row * 19349663) >> 3
    return art[f"{stem}_{scatter % count if count else 0}"]


def _quarters(
    terrain: _Terrain, letter: str, ground: list[str], column: int, row: int, art: Mapping[str, Picture]
) -> list[Picture]:
    """The four quarters of a cell, each chosen by the three neighbours it touches; outside the map the terrain goes on."""
    joined = letter + "".join(word.removeprefix("joins:") for word in terrain.words if word.startswith("joins:"))

    def same(dx: int, dy: int) -> bool:
        x, y = column + dx, row + dy
        return not (0 <= y < len(ground) and 0 <= x < len(ground[0])) or ground[y][x] in joined

    half = CELL // 2
    quarters = []
    for dy, top in ((-1, 0), (1, half)):
        for dx, left in ((-1, 0), (1, half)):
            beside, above = same(dx, 0), same(0, dy)
            if beside and above:
                piece = "fill" if same(dx, dy) else "inner"
            elif beside:
                piece = "rows"
            else:
                piece = "columns" if above else "island"
            source = art[f"{terrain.stem}_{piece}"].rows
            blank = TRANSPARENT * CELL
            rows = tuple(
                TRANSPARENT * left + line[left : left + half] + TRANSPARENT * (half - left) if top <= y < top + half else blank
                for y, line in enumerate(source)
            )
            quarters.append(Picture(piece, rows))
    return quarters


def _place(picture: Picture, column: int, row: int, things: _Canvas, canopy: _Canvas) -> None:
    x, y = column * CELL, (row + 1) * CELL - picture.height
    over = int(picture.notes.get("over", "0"))
    canopy.stamp(picture, x, y, end=over)
    things.stamp(picture, x, y, first=over)


def _footprint(picture: Picture, column: int, row: int, columns: int) -> list[int]:
    width, height = (int(part) for part in picture.notes.get("solid", "0x0").split("x"))
    return [(row - up) * columns + column + right for up in range(height) for right in range(width) if column + right < columns]
