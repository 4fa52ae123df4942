"""Libretro drivers of a console without screen, speaker or disk.

libretro.py ships without a type marker, so its classes are untyped to us; they are named in this file and in
`libretro_core.py` only.
"""

from pathlib import Path

import numpy as np
from libretro.api import (  # type: ignore[import-untyped]
    DeviceIdJoypad,
    InputDevice,
    MemoryAccess,
    PixelFormat,
    Rotation,
    retro_framebuffer,
    retro_game_geometry,
    retro_system_av_info,
)
from libretro.drivers import (  # type: ignore[import-untyped]
    ArrayAudioDriver,
    DictOptionDriver,
    FrameBufferSpecial,
    IterableInputDriver,
    PathDriver,
    Screenshot,
    SoftwareVideoDriver,
)
from numpy.typing import NDArray

from lua.headless.picture import rgb_from_core
from protocol.console import GBA

__all__ = ["ButtonsDriver", "LastFrameDriver", "OneFolderDriver", "OptionsDriver", "SilentDriver"]

_MASK = int(DeviceIdJoypad.MASK)
_BY_NAME = {name: int(DeviceIdJoypad[name.upper()]) for name in GBA.buttons}
_JOYPAD_IDS = tuple(_BY_NAME[name] for name in GBA.buttons)

_OPPOSITES = b"mgba_allow_opposing_directions"
_YES = b"yes"


class ButtonsDriver(IterableInputDriver):  # type: ignore[misc]
    """Input driver: holds the buttons that the emulator sets."""

    def __init__(self) -> None:
        super().__init__()
        self._joypad = 0
        self._pressed = 0

    def hold(self, pressed: int) -> None:
        """Hold these buttons from the next poll on (bit set in the order of `GBA.buttons`)."""
        if pressed != self._pressed:
            self._joypad = sum(1 << joypad for bit, joypad in enumerate(_JOYPAD_IDS) if pressed >> bit & 1)
            self._pressed = pressed

    def poll(self) -> None:
        """Do nothing: `hold` has set the buttons."""

    def state(self, port: int, device: int, index: int, id: int) -> int:  # noqa: A002, ARG002 - libretro's signature
        """Answer the core: one button, or all of them as a mask."""
        if port or device != InputDevice.JOYPAD:
            return 0
        return self._joypad if id == _MASK else self._joypad >> id & 1


class SilentDriver(ArrayAudioDriver):  # type: ignore[misc]
    """Audio driver that drops all sound; its base class would keep every sample."""

    def sample(self, left: int, right: int) -> None:
        """Forget one sample."""

    def sample_batch(self, data: memoryview) -> int:
        """Forget a batch of stereo samples; returns the number of frames taken."""
        return len(data) // 2


class OptionsDriver(DictOptionDriver):  # type: ignore[misc]
    """Option driver: opposite directions reach the game at once, as on the console.

    mGBA 0.7 offers ON and OFF for it, but takes `yes` alone for on, and begins with on: as soon as any option was
    changed, it read this one again, and games went another way.
    """

    def get_variable(self, item: bytes) -> bytes | None:
        """Answer the core: the value of an option; None: the core's own."""
        value: bytes | None = super().get_variable(item)
        return _YES if item == _OPPOSITES else value


class LastFrameDriver(SoftwareVideoDriver):  # type: ignore[misc]
    """Video driver that keeps the last frame, and converts it only on request."""

    def __init__(self) -> None:
        self._format = PixelFormat.RGB1555
        self._av_info: retro_system_av_info | None = None
        self._rotation = Rotation.NONE
        self._frame: tuple[bytes, int, int, int] | None = None

    def rgb(self) -> NDArray[np.uint8]:
        """Return the last frame, shape (height, width, 3); black before the first."""
        if self._frame is None:
            return np.zeros((GBA.height, GBA.width, 3), dtype=np.uint8)
        return rgb_from_core(*self._frame, int(self._format))

    def refresh(self, data: memoryview | FrameBufferSpecial, width: int, height: int, pitch: int) -> None:
        """Copy a frame, because the core reuses its buffer. A repeated frame changes nothing."""
        if isinstance(data, memoryview):
            self._frame = (bytes(data), width, height, pitch)

    def screenshot(self, prerotate: bool = True) -> Screenshot | None:  # noqa: ARG002, FBT001, FBT002 - libretro's signature
        """Return nothing: `rgb` is used instead."""
        return None

    def get_software_framebuffer(self, width: int, height: int, flags: MemoryAccess) -> retro_framebuffer | None:  # noqa: ARG002
        """Return nothing: the core draws into its own buffer."""
        return None

    @property
    def needs_reinit(self) -> bool:
        """Return that nothing has to be set up again."""
        return False

    def reinit(self) -> None:
        """Do nothing."""

    @property
    def rotation(self) -> Rotation:
        """Rotation that the core asks for; kept, not applied."""
        return self._rotation

    @rotation.setter
    def rotation(self, rotation: Rotation) -> None:
        self._rotation = rotation

    @property
    def pixel_format(self) -> PixelFormat:
        """The format of the core's pixels."""
        return self._format

    @pixel_format.setter
    def pixel_format(self, pixel_format: PixelFormat) -> None:
        self._format = pixel_format

    @property
    def system_av_info(self) -> retro_system_av_info | None:
        """The core's description of its picture and sound."""
        return self._av_info

    @system_av_info.setter
    def system_av_info(self, av_info: retro_system_av_info) -> None:
        self._av_info = av_info

    @property
    def geometry(self) -> retro_game_geometry | None:
        """The core's description of its picture's size."""
        return self._av_info.geometry if self._av_info else None

    @geometry.setter
    def geometry(self, geometry: retro_game_geometry) -> None:
        if self._av_info:
            self._av_info.geometry = geometry


class OneFolderDriver(PathDriver):  # type: ignore[misc]
    """Path driver that names one folder, which its owner deletes, for all that a core may write.

    Args:
        folder: an existing folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder).encode()

    @property
    def system_dir(self) -> bytes:
        """Folder of the BIOS; there is none in it."""
        return self._folder

    @property
    def libretro_path(self) -> bytes | None:
        """Return nothing."""
        return None

    @property
    def core_assets_dir(self) -> bytes:
        """Folder of assets."""
        return self._folder

    @property
    def save_dir(self) -> bytes:
        """Folder of saves."""
        return self._folder

    @property
    def playlist_dir(self) -> bytes | None:
        """Return nothing."""
        return None
