"""Console of a libretro mGBA core with a game in it.

The core is driven by libretro.py. It gets no keyboard, speaker or screen, and the only folder it knows is a temporary
one, so that it writes nothing next to the game: no battery save, no state, no log.

Several consoles can run in one process (see `shared_library.py`). Like the core itself, a console belongs to one thread
at a time.
"""

import struct
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from ctypes import CDLL, c_ubyte
from pathlib import Path
from types import MappingProxyType

import numpy as np
from libretro.builder import DEFAULT, SessionBuilder  # type: ignore[import-untyped]
from libretro.core import Core as Library  # type: ignore[import-untyped]
from libretro.session import Session  # type: ignore[import-untyped]
from numpy.typing import NDArray

from lua.headless.core import MEMORY_MAP, MEMORY_SIZES, REGISTERS
from lua.headless.core_search import find_core
from lua.headless.drivers import ButtonsDriver, LastFrameDriver, OneFolderDriver, OptionsDriver, SilentDriver
from lua.headless.interruption import raise_interruption
from lua.headless.rom import hash_of, read_rom
from lua.headless.shared_library import borrow, give_back
from protocol.errors import CoreError, RomError
from protocol.wording import sentence

__all__ = ["LibretroCore"]

_MEMORY_AT = {base: name for name, (base, _) in MEMORY_MAP.items()} | {0x0400_0000: "IO", 0x0800_0000: "ROM"}
"""Names of the memories that a core's memory map describes, by their bus addresses."""

# mGBA's serialised state (struct GBASerializedState, include/mgba/internal/gba/serialize.h): a magic number whose upper
# byte is 1, then at 0x20 the sixteen general registers, CPSR and SPSR, all little-endian. A GBA's state has at least
# 0x61000 bytes.
_STATE_MAGIC = 0x01
_STATE_SIZE = 0x61000
_STATE_REGISTERS = struct.Struct("<18I")
_STATE_REGISTERS_AT = 0x20


_FRAME_SKIP = "mgba_frameskip"
"""Core option: frames between two that are drawn (mGBA, src/platform/libretro)."""


class LibretroCore:
    """A console that runs a game on an mGBA core.

    Args:
        rom: the game file.
        core: the libretro core's shared library; the one that `find_core` finds if not given.

    Raises:
        RomError: the game is missing, cannot be read or is not one.
        CoreError: the core is missing, does not load, or does not show the console's memory.
    """

    def __init__(self, rom: Path, core: Path | None = None) -> None:
        content = read_rom(rom)
        self.rom_name = rom.stem
        self.rom_hash = hash_of(content)
        self._buttons = ButtonsDriver()
        self._video = LastFrameDriver()
        path = core or find_core()
        with ExitStack() as stack:
            library = borrow(path)
            folder = Path(
                stack.enter_context(tempfile.TemporaryDirectory(prefix="gbatrace-", ignore_cleanup_errors=True))
            )
            session = self._open(library, folder, content, rom)
            # Only a console that came to life gives its library back: mGBA cannot shut down after it refused a game.
            stack.callback(give_back, path, library)
            stack.push(session)
            self._session = session
            self._run = session.core.run
            # libretro.py makes a member of an enumeration of each number that the core gives, sixteen times a frame for
            # the buttons alone, and looks for a microphone: an eighth of the time of a frame that is not drawn.
            session.core.set_input_state(self._buttons.state)
            session.core.set_audio_sample_batch(lambda _samples, frames: frames)
            about = session.core.get_system_info()
            self.name = b" ".join((about.library_name or b"", about.library_version or b"")).decode("utf-8", "replace")
            self._views = self._map_memory()
            self._state = bytearray(self._session.core.serialize_size())
            self._resources = stack.pop_all()

    def run_frame(self, pressed: int) -> None:
        """Run one frame with these buttons held.

        Raises:
            KeyboardInterrupt: Ctrl+C came meanwhile; the frame was run.
        """
        self._buttons.hold(pressed)
        self._run()
        raise_interruption()

    def draw_every(self, frames: int) -> None:
        """Skip the drawing, see `Core`; a core without mGBA's option draws all."""
        self._session.options.variables[_FRAME_SKIP] = str(frames - 1).encode()

    def memories(self) -> Mapping[str, memoryview]:
        """Return live views of the core's own memory."""
        return self._views

    def registers(self) -> Mapping[str, int]:
        """Read the registers from the core's serialised state.

        Raises:
            CoreError: the state is not mGBA's.
        """
        self._serialize()
        if len(self._state) < _STATE_SIZE or self._state[3] != _STATE_MAGIC:
            raise CoreError("This libretro core does not show the processor's registers: use an mGBA core.")
        return dict(zip(REGISTERS, _STATE_REGISTERS.unpack_from(self._state, _STATE_REGISTERS_AT), strict=True))

    def framebuffer(self) -> NDArray[np.uint8]:
        """Convert the last frame, see `picture.py`."""
        return self._video.rgb()

    def save_state(self) -> bytes:
        """Serialise the console."""
        self._serialize()
        return bytes(self._state)

    def load_state(self, state: bytes) -> None:
        """Restore the console.

        Raises:
            CoreError: the core does not take this state.
        """
        # mGBA leaves a trace of what ran before: in one of twenty cases the next frames went a few cycles differently,
        # which the stack showed. Loaded once more, over itself, a state always goes the same way.
        for _ in range(2):
            if not self._session.core.unserialize(bytearray(state)):
                raise CoreError("The libretro core does not take this savestate: it is not of this game and core.")

    def reset(self) -> None:
        """Switch the console off and on; views from `memories` are no longer valid."""
        self._session.reset()
        self._views = self._map_memory()

    def close(self) -> None:
        """Shut the core down and delete its temporary folder."""
        self._views = {}
        self._resources.close()

    def _open(self, library: CDLL, folder: Path, content: bytes, rom: Path) -> Session:
        # libretro.py hands a core its game only from a file whose ending the core knows: so the game gets a plain name
        # of its own.
        game = folder / "game.gba"
        game.write_bytes(content)
        try:
            core = Library(library)
        except ValueError as error:
            raise CoreError(sentence(f"This is no libretro core: {error}")) from error
        about = core.get_system_info()
        if b"gba" not in (about.valid_extensions or b"").split(b"|"):
            name = (about.library_name or b"this libretro core").decode("utf-8", "replace")
            raise CoreError(f"{name} is not a core for the GBA: use an mGBA core.")
        session = (
            SessionBuilder()
            .with_core(core)
            .with_content_driver(DEFAULT)
            .with_content(game)
            .with_audio(SilentDriver())
            .with_input(self._buttons)
            .with_video(self._video)
            .with_options(OptionsDriver())
            .with_paths(OneFolderDriver(folder))
            .with_perf(DEFAULT)
            .with_av_mask(DEFAULT)
            .with_savestate_context(DEFAULT)
            .build()
        )
        try:
            return session.__enter__()
        except (RuntimeError, ValueError) as error:
            raise RomError(
                f"The libretro core does not take {rom} as a game: it is broken, or not for the GBA."
            ) from error

    def _map_memory(self) -> Mapping[str, memoryview]:
        views = {}
        descriptors = self._session.memory_maps
        for descriptor in descriptors or ():
            name = _MEMORY_AT.get(descriptor.start)
            if name and descriptor.ptr:
                view = memoryview((c_ubyte * descriptor.len).from_address(descriptor.ptr + descriptor.offset))
                views[name] = view.cast("B")
        if missing := [name for name, size in MEMORY_SIZES.items() if len(views.get(name, ())) < size]:
            raise CoreError(f"This libretro core does not show the memories {', '.join(missing)}: use an mGBA core.")
        return MappingProxyType(views)

    def _serialize(self) -> None:
        if not self._session.core.serialize(self._state):
            raise CoreError("The libretro core could not serialise its state.")
