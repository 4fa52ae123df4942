from pathlib import Path

import pytest
from libretro.api import DeviceIdJoypad, InputDevice, PixelFormat  # type: ignore[import-untyped]
from libretro.drivers import FrameBufferSpecial  # type: ignore[import-untyped]

from lua.headless.drivers import ButtonsDriver, LastFrameDriver, OneFolderDriver, SilentDriver
from protocol.console import GBA

JOYPAD = InputDevice.JOYPAD


def bits(*names: str) -> int:
    return sum(1 << GBA.buttons.index(name) for name in names)


@pytest.mark.parametrize("name", GBA.buttons)
def test_each_button_reaches_the_core_by_its_own_name(name: str) -> None:
    buttons = ButtonsDriver()
    buttons.hold(bits(name))
    held = [item for item in DeviceIdJoypad if item != DeviceIdJoypad.MASK and buttons.state(0, JOYPAD, 0, item)]
    assert [item.name for item in held] == [name.upper()]


def test_the_core_can_ask_for_all_buttons_at_once() -> None:
    buttons = ButtonsDriver()
    buttons.hold(bits("A", "Right"))
    expected = 1 << DeviceIdJoypad.A | 1 << DeviceIdJoypad.RIGHT
    assert buttons.state(0, JOYPAD, 0, DeviceIdJoypad.MASK) == expected
    buttons.hold(0)
    assert buttons.state(0, JOYPAD, 0, DeviceIdJoypad.MASK) == 0


def test_a_second_player_and_a_mouse_hold_nothing() -> None:
    buttons = ButtonsDriver()
    buttons.hold(bits(*GBA.buttons))
    assert buttons.state(1, JOYPAD, 0, DeviceIdJoypad.A) == 0
    assert buttons.state(0, InputDevice.MOUSE, 0, DeviceIdJoypad.A) == 0


def test_sound_is_taken_and_not_kept() -> None:
    sound = SilentDriver()
    sound.sample(1, 2)
    assert sound.sample_batch(memoryview(bytes(8)).cast("h")) == 2
    assert not sound.buffer


def test_the_picture_is_black_before_the_first_frame() -> None:
    rgb = LastFrameDriver().rgb()
    assert rgb.shape == (GBA.height, GBA.width, 3)
    assert not rgb.any()


def test_a_frame_is_kept_when_the_core_takes_its_buffer_back() -> None:
    video = LastFrameDriver()
    video.pixel_format = PixelFormat.RGB565
    buffer = bytearray((0xF800).to_bytes(2, "little") + (0x001F).to_bytes(2, "little"))
    video.refresh(memoryview(buffer), 2, 1, 4)
    buffer[:] = bytes(4)
    assert video.rgb().tolist() == [[[255, 0, 0], [0, 0, 255]]]


def test_a_repeated_frame_changes_nothing() -> None:
    video = LastFrameDriver()
    video.refresh(memoryview(b"\xff\x7f"), 1, 1, 2)
    video.refresh(FrameBufferSpecial.DUPE, 1, 1, 2)
    assert video.rgb().tolist() == [[[255, 255, 255]]]


def test_whatever_a_core_writes_goes_to_the_one_folder(tmp_path: Path) -> None:
    paths = OneFolderDriver(tmp_path)
    assert {paths.system_dir, paths.core_assets_dir, paths.save_dir} == {str(tmp_path).encode()}
    assert (paths.libretro_path, paths.playlist_dir) == (None, None)
