"""C source of all the art: maps and stages, sprites, the font and the windows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from resources.demo.pack.art import CYCLE, GLOW, Colour, Picture, parse_palette, parse_sheet
from resources.demo.pack.errors import SourceError
from resources.demo.pack.lz77 import compress
from resources.demo.pack.maps import PaintedMap, paint_map
from resources.demo.pack.tiles import BankPlan, TileSet, cut, encode_tile, letters_of, plan_banks

__all__ = ["pack_assets"]

_STAGE_BANKS = 13
"""Background palette banks a stage may use; the last three belong to the text windows."""


@dataclass
class _Source:
    """The two files while they grow."""

    palette: Mapping[str, Colour]
    body: list[str] = field(default_factory=lambda: ['#include "assets.h"', ""])
    head: list[str] = field(default_factory=lambda: ["#pragma once", '#include "asset_types.h"', ""])

    def array(self, kind: str, name: str, values: Iterable[int]) -> None:
        numbers = [f"{value:#x}" for value in values]
        lines = [", ".join(numbers[at : at + 12]) for at in range(0, len(numbers), 12)]
        self.body += [f"static const {kind} {name}[] = {{", *(f"    {line}," for line in lines), "};"]

    def packed(self, name: str, data: bytes) -> None:
        words = compress(data)
        self.array("u32", name, (int.from_bytes(words[at : at + 4], "little") for at in range(0, len(words), 4)))

    def publish(self, kind: str, name: str, members: Sequence[str]) -> None:
        self.body += [f"const {kind} {name} = {{{', '.join(members)}}};", ""]
        self.head.append(f"extern const {kind} {name};")

    def constants(self, values: Mapping[str, int]) -> None:
        if values:
            self.head.append(
                "enum { " + ", ".join(f"{name.upper()} = {value}" for name, value in values.items()) + " };"
            )


def pack_assets(folder: Path) -> tuple[str, str]:
    """Turn the art folder into C.

    `palette.txt` is the palette, `font.txt` the glyphs, `window.txt` the tiles of windows and bars; `map_*.txt` are
    maps painted with the pictures of `terrain.txt` and `things.txt`; `stage_*.txt` hold up to three pictures each,
    back to front, that fill a screen; each `sprite_*.txt` is a sheet of sprites that share one palette bank.

    Args:
        folder: the art folder.

    Returns:
        The text of `assets.c` and of `assets.h`.

    Raises:
        SourceError: a file is malformed; the message names it.
    """
    source = _Source(parse_palette(_read(folder / "palette.txt")))
    terrain = _sheet(folder / "terrain.txt") | _sheet(folder / "things.txt")
    subjects: dict[str, int] = {}
    for path in sorted(folder.glob("map_*.txt")):
        painted = paint_map(_read(path), path.name, terrain, subjects)
        _add_map(source, path.stem.removeprefix("map_"), painted)
    source.constants({f"subject_{name}": number for name, number in subjects.items()})
    for path in sorted(folder.glob("stage_*.txt")):
        _add_stage(source, path.stem, list(_sheet(path).values()))
    for path in sorted(folder.glob("sprite_*.txt")):
        _add_sprites(source, path.stem, _sheet(path))
    _add_window(source, _sheet(folder / "font.txt")["font"], _sheet(folder / "window.txt"))
    return "\n".join(source.body) + "\n", "\n".join(source.head) + "\n"


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _sheet(path: Path) -> dict[str, Picture]:
    return parse_sheet(_read(path), path.name)


def _add_map(source: _Source, name: str, painted: PaintedMap) -> None:
    source.constants(
        {
            f"{name}_{spot}_{axis}": at
            for spot, cell in painted.markers.items()
            for axis, at in zip("xy", cell, strict=True)
        }
    )
    source.packed(f"{name}_cells", painted.cells)
    _add_stage(source, f"stage_{name}", painted.layers, cells=f"{name}_cells")


def _add_stage(source: _Source, name: str, layers: Sequence[Picture], cells: str = "0") -> None:
    sizes = {(layer.width, layer.height) for layer in layers}
    if len(sizes) != 1 or len(layers) > 3:
        raise SourceError(f"{name}: a stage has one to three layers of one size")
    width, height = sizes.pop()
    tiles = [cut(layer.rows) for layer in layers]
    plan = plan_banks((tile for layer in tiles for tile in layer), _STAGE_BANKS)
    tile_set = TileSet(plan)
    for number, layer in enumerate(tiles):
        entries = [tile_set.entry(tile) for tile in layer]
        source.packed(f"{name}_layer_{number}", b"".join(entry.to_bytes(2, "little") for entry in entries))
    source.packed(f"{name}_tiles", bytes(tile_set.data))
    source.array("u16", f"{name}_palette", plan.colours(source.palette))
    cycle, glow = ([at for letter in letters for at in plan.positions(letter)] for letters in (CYCLE, GLOW))
    source.array("u8", f"{name}_cycle", cycle or [0])
    source.array("u8", f"{name}_glow", glow or [0])
    names = [f"{name}_layer_{number}" for number in range(len(layers))]
    source.publish(
        "struct stage",
        name,
        [
            f".columns = {width // 8}",
            f".rows = {height // 8}",
            f".tile_count = {tile_set.count}",
            f".bank_count = {len(plan.banks)}",
            f".cycle_count = {len(cycle)}",
            f".glow_count = {len(glow)}",
            f".tiles = {name}_tiles",
            f".palette = {name}_palette",
            f".cycle = {name}_cycle",
            f".glow = {name}_glow",
            f".cells = {cells}",
            f".layers = {{{', '.join(names)}}}",
        ],
    )


def _add_sprites(source: _Source, name: str, pictures: Mapping[str, Picture]) -> None:
    letters = letters_of(row for picture in pictures.values() for row in picture.rows)
    plan = plan_banks([("".join(sorted(letters)),)], 1)
    data = bytearray()
    offsets: dict[str, int] = {}
    for picture in pictures.values():
        offsets[f"{name}_{picture.name}"] = len(data) // 32
        data += b"".join(encode_tile(tile, plan.banks[0]) for tile in cut(picture.rows))
    source.constants(offsets)
    source.packed(f"{name}_tiles", bytes(data))
    source.array("u16", f"{name}_palette", plan.colours(source.palette))
    source.publish(
        "struct sprite_sheet",
        name,
        [f".tile_count = {len(data) // 32}", f".tiles = {name}_tiles", f".palette = {name}_palette"],
    )


def _add_window(source: _Source, font: Picture, pictures: Mapping[str, Picture]) -> None:
    """Add font and windows in one bank, so that a glyph stands on the window's own colour."""
    everything = [font, *pictures.values()]
    plan = BankPlan(("".join(sorted(letters_of(row for picture in everything for row in picture.rows))),))
    data = b"".join(encode_tile(tile, plan.banks[0]) for tile in cut(font.rows))
    offsets: dict[str, int] = {}
    for picture in pictures.values():
        offsets[f"tile_{picture.name}"] = len(data) // 32
        data += b"".join(encode_tile(tile, plan.banks[0]) for tile in cut(picture.rows))
    source.constants(offsets)
    source.constants({f"ink_{source.palette[letter].name}": at for at, letter in enumerate(plan.banks[0], 1)})
    source.packed("window_tiles", data)
    source.array("u16", "window_palette", plan.colours(source.palette))
    source.publish(
        "struct sprite_sheet",
        "window_sheet",
        [f".tile_count = {len(data) // 32}", ".tiles = window_tiles", ".palette = window_palette"],
    )
