"""Tiles of 8x8 pixels and 16 colours, and the palette banks of their colours."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from resources.demo.pack.art import CYCLE, GLOW, TRANSPARENT, Colour
from resources.demo.pack.errors import SourceError

__all__ = ["BankPlan", "TileSet", "cut", "encode_tile", "letters_of", "plan_banks"]

Tile = tuple[str, ...]
"""Eight rows of eight letters."""

_MAX_TILES = 1024
"""A screen entry has ten bits for its tile (GBATEK, "LCD VRAM BG Screen Data Format")."""

_COLOURS_PER_BANK = 15
"""Sixteen, of which the first is transparent."""

_FLIP_X, _FLIP_Y, _BANK_SHIFT = 1 << 10, 1 << 11, 12


@dataclass(frozen=True)
class BankPlan:
    """Place of each letter in the palette banks."""

    banks: tuple[str, ...]
    """The letters of each bank, from index 1 on."""

    def bank_of(self, letters: frozenset[str]) -> int:
        """Find the first bank that holds all of `letters`.

        Raises:
            SourceError: no bank does.
        """
        for number, bank in enumerate(self.banks):
            if letters <= set(bank):
                return number
        raise SourceError(f"no palette bank holds the colours {''.join(sorted(letters))}")

    def colours(self, palette: Mapping[str, Colour]) -> list[int]:
        """Lay the banks out as palette memory: 16 colours each, index 0 black."""
        values: list[int] = []
        for bank in self.banks:
            values += [0, *(palette[letter].value for letter in bank), *[0] * (_COLOURS_PER_BANK - len(bank))]
        return values

    def positions(self, letter: str) -> list[int]:
        """Return the indices of a letter's colour in what `colours` returns."""
        return [16 * number + bank.index(letter) + 1 for number, bank in enumerate(self.banks) if letter in bank]


def letters_of(rows: Iterable[str]) -> frozenset[str]:
    """Return the colours that a block of pixels uses, without transparency."""
    return frozenset("".join(rows)) - {TRANSPARENT}


def cut(rows: Sequence[str]) -> list[Tile]:
    """Cut a picture into tiles, row by row from the top left."""
    return [
        tuple(row[x : x + 8] for row in rows[y : y + 8])
        for y in range(0, len(rows), 8)
        for x in range(0, len(rows[0]), 8)
    ]


def plan_banks(tiles: Iterable[Tile], limit: int) -> BankPlan:
    """Pack the colours of all tiles into few banks, by a greedy fit.

    The letters of `CYCLE` share a bank, and so do those of `GLOW`: they change together.

    Args:
        tiles: every tile that will be shown with these banks.
        limit: how many banks there may be.

    Raises:
        SourceError: a tile has more than 15 colours, or the tiles need more than `limit` banks.
    """
    wanted = {_with_animated(letters_of(tile)) for tile in tiles}
    maximal = [one for one in wanted if not any(one < other for other in wanted)]
    banks: list[set[str]] = []
    for letters in sorted(maximal, key=lambda one: (-len(one), sorted(one))):
        if len(letters) > _COLOURS_PER_BANK:
            raise SourceError(f"a tile has {len(letters)} colours: {''.join(sorted(letters))}")
        fitting = [bank for bank in banks if len(bank | letters) <= _COLOURS_PER_BANK]
        if fitting:
            min(fitting, key=lambda bank: len(letters - bank)).update(letters)
        else:
            banks.append(set(letters))
    if len(banks) > limit:
        raise SourceError(f"the art needs {len(banks)} palette banks, there are {limit}")
    return BankPlan(tuple("".join(sorted(bank)) for bank in banks))


def _with_animated(letters: frozenset[str]) -> frozenset[str]:
    for animated in (frozenset(CYCLE), frozenset(GLOW)):
        if letters & animated:
            letters |= animated
    return letters


def encode_tile(tile: Tile, bank: str) -> bytes:
    """Encode a tile as 32 bytes: four bits per pixel, the left pixel in the low half."""
    index = {TRANSPARENT: 0} | {letter: at for at, letter in enumerate(bank, 1)}
    return bytes(index[row[x]] | index[row[x + 1]] << 4 for row in tile for x in range(0, 8, 2))


@dataclass
class TileSet:
    """Background tiles; equal and mirrored ones share a number. Tile 0 is empty."""

    plan: BankPlan
    data: bytearray = field(default_factory=lambda: bytearray(32))
    _known: dict[bytes, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._remember(bytes(32), 0)

    @property
    def count(self) -> int:
        """Number of tiles."""
        return len(self.data) // 32

    def entry(self, tile: Tile) -> int:
        """Return the screen entry that shows a tile, which is added when it is new.

        Raises:
            SourceError: the set is full.
        """
        number = self.plan.bank_of(letters_of(tile))
        encoded = encode_tile(tile, self.plan.banks[number])
        if encoded not in self._known:
            if self.count == _MAX_TILES:
                raise SourceError(f"the art needs more than {_MAX_TILES} tiles")
            self._remember(encoded, self.count)
            self.data += encoded
        return self._known[encoded] | number << _BANK_SHIFT

    def _remember(self, encoded: bytes, number: int) -> None:
        rows = [encoded[at : at + 4] for at in range(0, 32, 4)]
        mirrored = [bytes((byte >> 4 | byte << 4) & 0xFF for byte in reversed(row)) for row in rows]
        for flags, variant in (
            (_FLIP_X | _FLIP_Y, mirrored[::-1]),
            (_FLIP_Y, rows[::-1]),
            (_FLIP_X, mirrored),
            (0, rows),
        ):
            self._known[b"".join(variant)] = number | flags
