"""The small libraries: `gameinfo`, `input`, `gui`, `userdata`, and with them `emu`, `client` and `joypad`."""

import io
from pathlib import Path

import pytest
from PIL import Image

from lua.headless.buttons import parse_combination
from lua.headless.core import SyntheticCore
from lua.headless.host_apis import parse_userdata
from lua.headless.inputs import parse_inputs
from protocol.errors import CoreError, SettingsError
from tests.lua.headless.conftest import StartScript

FOREVER = "\nwhile true do emu.frameadvance() end"


def test_the_game_is_named_after_its_file_and_known_by_its_hash(start: StartScript) -> None:
    core = SyntheticCore(rom_name="my_game (E)", rom_hash="AB" * 20)
    assert start("print(gameinfo.getromname(), gameinfo.getromhash(), emu.getsystemid())", core).console.lines == [
        f"my game (E)\t{'AB' * 20}\tGBA"
    ]


@pytest.mark.parametrize("flavour", ["2.10", "2.11"])
def test_bizhawk_tells_its_version(start: StartScript, flavour: str) -> None:
    assert start("print(client.getversion())", flavour=flavour).console.lines == [flavour]


class TestRegisters:
    def test_the_program_counter_is_signed(self, start: StartScript) -> None:
        core = SyntheticCore()
        core.pc = 0xFFFF_0010
        script = "print(emu.getregister('R15'), emu.getregister('R15') & 0xffffffff, emu.getregister('nonsense'))"
        assert start(script, core).console.lines == [f"{0xFFFF0010 - (1 << 32)}\t{0xFFFF0010}\t0"]

    def test_all_of_them_at_once(self, start: StartScript) -> None:
        assert start("print(emu.getregisters().R15)").console.lines == [str(0x0800_0000)]

    def test_a_core_without_registers_throws(self, start: StartScript, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(_core: SyntheticCore) -> None:
            raise CoreError("This libretro core does not show the processor's registers: use an mGBA core.")

        monkeypatch.setattr(SyntheticCore, "registers", refuse)
        assert start("print((pcall(emu.getregister, 'R15')))").console.lines == ["False"]


class TestJoypad:
    def test_shows_the_buttons_of_the_last_frame_pressed_or_not(self, start: StartScript) -> None:
        emulator = start(
            "event.onframeend(function() local j = joypad.get() print(j.A, j.Right, j.B, j.Power, j['Tilt X']) end)"
            + FOREVER,
            inputs=parse_inputs("1 A+Right\n2 B", Path("x")),
        )
        emulator.run_frames(3)
        assert emulator.console.lines == [
            "False\tFalse\tFalse\tFalse\t0",
            "True\tTrue\tFalse\tFalse\t0",
            "False\tFalse\tTrue\tFalse\t0",
        ]

    def test_the_console_gets_the_same_buttons(self, start: StartScript) -> None:
        pressed: list[int] = []
        core = SyntheticCore(lambda _core, held: pressed.append(held))
        start(FOREVER, core, inputs=parse_inputs("1 L+Start", Path("x"))).run_frames(2)
        assert pressed == [0, parse_combination("L+Start")]

    def test_names_every_button_of_a_gba(self, start: StartScript) -> None:
        script = (
            "local names = {} for name, value in pairs(joypad.getwithmovie()) do"
            " if type(value) == 'boolean' then names[#names + 1] = name end end"
            " table.sort(names) print(table.concat(names, ' '))"
        )
        assert start(script).console.lines == ["A B Down L Left Power R Right Select Start Up"]

    def test_a_controllers_number_finds_nothing_on_a_gba(self, start: StartScript) -> None:
        assert start("print(next(joypad.get(1)))").console.lines == ["(no return)"]


def test_the_keyboard_shows_keys_that_are_down(start: StartScript) -> None:
    emulator = start("event.onframeend(function() print(input.get().F5, input.get()['X']) end)" + FOREVER)
    emulator.run_frame()
    emulator.keys_down.add("F5")
    emulator.run_frame()
    assert emulator.console.lines == ["nil\tnil", "True\tnil"]


def test_drawn_text_lasts_a_frame_and_messages_stay(start: StartScript) -> None:
    emulator = start("gui.addmessage('hello') emu.frameadvance() gui.text(4, 8, 'REC', 'red', 'topleft')" + FOREVER)
    emulator.run_frame()
    assert emulator.screen.texts == {(4, 8): "REC"}
    emulator.run_frame()
    assert emulator.screen.texts == {}
    assert emulator.screen.messages == ["hello"]


def test_a_screenshot_goes_to_a_file_beside_the_script(start: StartScript, tmp_path: Path) -> None:
    start("client.screenshot('shot.png')")
    with Image.open(io.BytesIO((tmp_path / "shot.png").read_bytes())) as image:
        assert image.size == (240, 160)


def test_a_script_can_ask_to_exit(start: StartScript) -> None:
    emulator = start("emu.frameadvance() client.exit()" + FOREVER)
    assert not emulator.exit_requested
    emulator.run_frame()
    assert emulator.exit_requested


class TestUserdata:
    def test_settings_reach_the_script(self, start: StartScript) -> None:
        script = (
            "print(userdata.get('mode'), userdata.get('n') + 1, userdata.get('missing'), userdata.containskey('n'))"
        )
        assert start(script, userdata=parse_userdata("mode:full;n:5")).console.lines == ["full\t6\tnil\tTrue"]

    def test_the_script_can_keep_its_own(self, start: StartScript) -> None:
        script = "userdata.set('k', 'v') print(userdata.get('k'), userdata.remove('k'), userdata.remove('k'))"
        assert start(script).console.lines == ["v\tTrue\tFalse"]

    def test_values_are_typed(self) -> None:
        assert parse_userdata("a:true;b:false;c:-7;d:2.5;e:text") == {
            "a": True,
            "b": False,
            "c": -7,
            "d": 2.5,
            "e": "text",
        }

    @pytest.mark.parametrize("text", ["", "key", "a:1;b", "path:C:\\x"])
    def test_a_pair_that_is_none_is_named(self, text: str) -> None:
        with pytest.raises(SettingsError, match="is not a pair"):
            parse_userdata(text)
