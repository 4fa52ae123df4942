"""The script's description of the console against the one of `protocol/console.py`."""

from protocol.console import GBA
from tests.lua.machine import SCRIPT_FOLDER, Machine, from_lua


def test_the_console_is_described_as_in_python(lua: Machine) -> None:
    assert from_lua(lua.require("scan.gba")) == {
        "BUTTONS": list(GBA.buttons),
        "POWER": "Power",
        "PROGRAM_COUNTER": GBA.pc_register,
        "FRAME_RATE": round(GBA.frames_per_second),
    }


def test_the_regions_of_the_settings_are_its_work_memory(lua: Machine) -> None:
    regions = from_lua(lua.execute("return dofile(...).regions", str(SCRIPT_FOLDER / "config.lua")))
    assert regions == [
        {"name": region.name, "domain": region.domain, "base": region.base, "size": region.size}
        for region in GBA.regions
    ]
