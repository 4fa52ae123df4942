"""Tape file: the recording of a console, frame by frame, to be played without a core.

A tape is a ZIP file. `tape.json` holds the format's version, the ROM's hash, the core's name and the number of frames;
every other member is one column of little-endian numbers, compressed with Zstandard. *Moment* 0 is the console as it
was switched on, moment *n* is after *n* frames:

* `buttons`: u16 for each frame, in the order of `GBA.buttons`.
* `registers`: 18 × u32 for each moment, in the order of `REGISTERS`.
* `<memory>/counts`, `<memory>/gaps`, `<memory>/steps`: how many words changed at each moment (u32); of each its
  distance from the changed word before it, or for the first its number (u16); what was added to its value, modulo 2^32
  (u32). All words are 0 before.
* `palettes/counts`, `palettes/colours`: how many colours each picture has (u8), and these (u16, five bits each of red,
  green and blue from bit 0 on), ascending.
* `pixels`: 240 × 160 × u8 for each moment, the number of each pixel's colour. The window of its compression is 16 MiB
  large, so that the picture of a place is found again when the game comes back to it.

The BIOS and the ROM are not on a tape: nothing writes them.
"""

import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypeVar
from zipfile import BadZipFile, ZipFile, ZipInfo

import numpy as np
import zstandard
from numpy.typing import NDArray

from lua.headless.core import MEMORY_SIZES, REGISTERS
from lua.headless.picture import five_bits, from_five_bits
from protocol.console import GBA
from protocol.errors import CoreError

if TYPE_CHECKING:
    from typing import BinaryIO

__all__ = ["TAPED_MEMORIES", "MemoryTrack", "Moment", "Tape", "TapeHead", "paint", "read_tape", "write_tape"]

TAPED_MEMORIES = {name: size for name, size in MEMORY_SIZES.items() if name != "BIOS"} | {"IO": 0x400}
"""Sizes of the memories that a tape holds, in bytes."""

_VERSION = 1
_LEVEL = 19
_WINDOW_LOG = 24
_PIXELS = GBA.width * GBA.height
_MOST_COLOURS = 255
_U8, _U16, _U32 = np.dtype("u1"), np.dtype("<u2"), np.dtype("<u4")

_Number = TypeVar("_Number", bound=np.generic)

Picture: TypeAlias = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class TapeHead:
    """Origin of a tape.

    Args:
        rom_hash: SHA-1 of the game file, upper-case hex.
        core: name of the core that played.
        frames: how many frames it played.
    """

    rom_hash: str
    core: str
    frames: int


@dataclass(frozen=True, slots=True)
class Moment:
    """State of the console after a frame, or as it was switched on.

    Args:
        pressed: the buttons held in the frame that led here.
        registers: by the names in `REGISTERS`.
        memories: by the names in `TAPED_MEMORIES`.
        picture: shape (160, 240, 3), RGB.
    """

    pressed: int
    registers: Mapping[str, int]
    memories: Mapping[str, bytes]
    picture: Picture


class MemoryTrack:
    """The words of one memory that changed, by moment.

    Args:
        counts: how many words changed at each moment.
        gaps: the distance of each from the one before it.
        steps: what was added to their values.
    """

    def __init__(self, counts: NDArray[np.uint32], gaps: NDArray[np.uint16], steps: NDArray[np.uint32]) -> None:
        self._starts = [0, *np.cumsum(counts, dtype=np.int64).tolist()]
        self._gaps = gaps
        self._steps = steps
        if not self._starts[-1] == len(gaps) == len(steps):
            raise ValueError("the columns of a memory do not fit together")

    def change(self, moment: int, memory: NDArray[np.uint32]) -> None:
        """Advance a memory, shape (words,), from the moment before to this one."""
        start, end = self._starts[moment : moment + 2]
        if start < end:
            memory[np.cumsum(self._gaps[start:end], dtype=np.intp)] += self._steps[start:end]


class Tape:
    """A tape that has been read.

    Args:
        head: what it was recorded from.
        members: its columns, by name; `pixels` is left compressed, because it is large.

    Attributes:
        head: what it was recorded from.
        pressed: the buttons held in each frame.
        tracks: the changes of each memory of `TAPED_MEMORIES`.

    Raises:
        ValueError: the columns do not fit together.
    """

    def __init__(self, head: TapeHead, members: Mapping[str, bytes]) -> None:
        def column(name: str, kind: "np.dtype[_Number]") -> NDArray[_Number]:
            return np.frombuffer(zstandard.ZstdDecompressor().decompress(members[name]), kind)

        moments = head.frames + 1
        self.head = head
        self.pressed: list[int] = column("buttons", _U16).tolist()
        self._registers = column("registers", _U32).reshape(moments, len(REGISTERS))
        self.tracks = {
            name: MemoryTrack(
                column(f"{name}/counts", _U32), column(f"{name}/gaps", _U16), column(f"{name}/steps", _U32)
            )
            for name in TAPED_MEMORIES
        }
        self._palette_sizes = column("palettes/counts", _U8)
        self._colours = column("palettes/colours", _U16)
        self._pixels = members["pixels"]
        if len(self.pressed) != head.frames or len(self._palette_sizes) != moments:
            raise ValueError("the columns do not have the same length")

    def registers(self, moment: int) -> dict[str, int]:
        """Return the registers at a moment."""
        return dict(zip(REGISTERS, self._registers[moment].tolist(), strict=True))

    def pictures(self) -> Iterator[tuple[bytes, NDArray[np.uint16]]]:
        """Yield the picture of each moment: the number of each pixel's colour, and the colours.

        Raises:
            CoreError: the tape is damaged.
        """
        decompressor = zstandard.ZstdDecompressor(max_window_size=1 << _WINDOW_LOG)
        with decompressor.stream_reader(self._pixels) as stream:
            end = 0
            for size in self._palette_sizes.tolist():
                start, end = end, end + size
                yield _read_exactly(stream, _PIXELS), self._colours[start:end]


def paint(pixels: bytes, colours: NDArray[np.uint16]) -> Picture:
    """Paint what `Tape.pictures` yields; shape (160, 240, 3), RGB."""
    numbers = np.frombuffer(pixels, _U8).reshape(GBA.height, GBA.width)
    return from_five_bits(colours)[numbers]


def read_tape(path: Path) -> Tape:
    """Read a tape.

    Raises:
        CoreError: it is missing or damaged, or of another version.
    """
    try:
        with ZipFile(path) as file:
            head = json.loads(file.read("tape.json"))
            if head["version"] != _VERSION:
                raise CoreError(f"The tape {path} is of another version of gbatrace: install gbatrace again.")
            members = {name: file.read(name) for name in file.namelist()}
        return Tape(TapeHead(head["rom_hash"], head["core"], head["frames"]), members)
    except (OSError, BadZipFile, zstandard.ZstdError, KeyError, TypeError, ValueError) as error:
        raise CoreError(f"The tape {path} cannot be read: install gbatrace again ({error}).") from error


def write_tape(path: Path, rom_hash: str, core: str, moments: Iterable[Moment]) -> TapeHead:
    """Write a tape, always the same for the same moments.

    Args:
        path: the file.
        rom_hash: SHA-1 of the game file, upper-case hex.
        core: name of the core that plays.
        moments: the console as it was switched on, then after each frame.

    Returns:
        What was written down about it.

    Raises:
        ValueError: a picture has colours that the console has not, or more than a tape can hold.
        OSError: the file cannot be written.
    """
    columns: dict[str, list[bytes]] = {}
    before = {name: np.zeros(size // 4, _U32) for name, size in TAPED_MEMORIES.items()}
    count = -1
    parameters = zstandard.ZstdCompressionParameters.from_level(_LEVEL, window_log=_WINDOW_LOG, enable_ldm=True)
    pixels = io.BytesIO()
    with zstandard.ZstdCompressor(compression_params=parameters).stream_writer(pixels, closefd=False) as stream:
        for count, moment in enumerate(moments):
            for name, memory in moment.memories.items():
                now = np.frombuffer(memory, _U32)
                changed = np.flatnonzero(now != before[name])
                _add(columns, f"{name}/counts", np.array([len(changed)], _U32))
                _add(columns, f"{name}/gaps", np.diff(changed, prepend=0).astype(_U16))
                _add(columns, f"{name}/steps", now[changed] - before[name][changed])
                before[name] = now
            _add(columns, "registers", np.array([moment.registers[name] for name in REGISTERS], _U32))
            colours, numbers = np.unique(five_bits(moment.picture), return_inverse=True)
            if len(colours) > _MOST_COLOURS:
                raise ValueError(f"the picture after frame {count} has {len(colours)} colours, a tape holds 255")
            _add(columns, "palettes/counts", np.array([len(colours)], _U8))
            _add(columns, "palettes/colours", colours.astype(_U16))
            stream.write(numbers.astype(_U8).tobytes())
            if count:
                _add(columns, "buttons", np.array([moment.pressed], _U16))
    head = TapeHead(rom_hash, core, count)
    about = {"version": _VERSION, "rom_hash": rom_hash, "core": core, "frames": count}
    compressor = zstandard.ZstdCompressor(level=_LEVEL)
    with ZipFile(path, "w") as file:
        file.writestr(ZipInfo("tape.json"), json.dumps(about))
        for name, pieces in sorted(columns.items()):
            file.writestr(ZipInfo(name), compressor.compress(b"".join(pieces)))
        file.writestr(ZipInfo("pixels"), pixels.getvalue())
    return head


def _add(columns: dict[str, list[bytes]], name: str, values: NDArray[np.generic]) -> None:
    columns.setdefault(name, []).append(values.tobytes())


def _read_exactly(stream: "BinaryIO", length: int) -> bytes:
    pieces = []
    while length:
        piece = stream.read(length)
        if not piece:
            raise CoreError("The tape ends too early: install gbatrace again.")
        pieces.append(piece)
        length -= len(piece)
    return b"".join(pieces)
