"""The small libraries: `gameinfo`, `input`, `gui` and `userdata`."""

import pytest

from lua.headless.small_apis import parse_userdata
from protocol.errors import SettingsError
from tests.fakes.consoles import SyntheticCore
from tests.lua.headless.conftest import StartScript

FOREVER = "\nwhile true do emu.frameadvance() end"


def test_the_game_is_named_after_its_file_and_known_by_its_hash(start: StartScript) -> None:
    core = SyntheticCore(rom_name="my_game (E)", rom_hash="AB" * 20)
    assert start("print(gameinfo.getromname(), gameinfo.getromhash())", core).console.lines == [
        f"my game (E)\t{'AB' * 20}"
    ]


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
