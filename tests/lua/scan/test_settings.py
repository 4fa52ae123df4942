"""Settings: those of the shipped file are valid, and each mistake is one sentence."""

from typing import Any

import pytest

from daemon.importing.log_rows import read_rows
from protocol.errors import MessageError
from protocol.regions import Region
from tests.lua.machine import SCRIPT_FOLDER, Machine, from_lua

REGION = {"name": "iwram", "domain": "IWRAM", "base": 0x0300_0000, "size": 0x8000}

NOT_COVERED = "its chunk_sizes are not 5 multiples of 4 that are 32768 bytes together"


def check(lua: Machine, raw: Any, **overrides: Any) -> tuple[Any, list[str]]:
    bag = {name.encode(): lua.to_lua(value) for name, value in overrides.items()}
    settings, problems = lua.require("scan.settings")[b"check"](lua.to_lua(raw), bag.get)
    return from_lua(settings), list(from_lua(problems) or [])


def test_the_shipped_file_is_valid_and_says_every_setting(lua: Machine) -> None:
    shipped = lua.execute((SCRIPT_FOLDER / "config.lua").read_text(encoding="utf-8"))
    settings, problems = check(lua, from_lua(shipped))
    assert problems == []
    names = set(from_lua(shipped))
    rules = from_lua(lua.require("scan.settings")[b"RULES"])
    assert names == {"regions", "hotkeys", *(rule["name"] for rule in rules)}
    for rule in rules:
        assert settings[rule["name"]] == from_lua(shipped)[rule["name"]] == rule["default"]


def test_wrong_hotkeys_are_reported_and_the_others_act(lua: Machine) -> None:
    keys = {"F5": {"mark": "boss"}, "F6": {"latch": {"field": "tags", "value": "a"}}}
    settings, problems = check(lua, {"regions": [REGION], "hotkeys": keys})
    assert problems == ["the hotkey F6 must have a mark, or a latch of field and value; it does nothing now"]
    assert [binding["key"] for binding in settings["hotkeys"]] == ["F5"]


def test_what_is_left_out_is_the_default(lua: Machine) -> None:
    settings, problems = check(lua, {"regions": [REGION]})
    assert problems == []
    assert settings["frames_per_set"] == 5
    assert settings["regions"] == [{**REGION, "offset": 0}]


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("frames_per_set", 0, "frames_per_set must be a whole number from 1 to 60; 5 is used instead"),
        ("frames_per_set", 2.5, "frames_per_set must be a whole number from 1 to 60; 5 is used instead"),
        ("scan_mode", "fast", 'scan_mode must be "chunked", "atomic" or "full"; chunked is used instead'),
        ("reader", "magic", 'reader must be "auto", "bulk", "hashes" or "words"; auto is used instead'),
        ("patience", "long", "patience must be milliseconds up to 60000, 0 to wait without end; 2000 is used instead"),
        ("token", "a b", "token must be the letters, digits, - and _ that the daemon prints; none is used instead"),
        ("on_screen", 1, "on_screen must be true or false; true is used instead"),
    ],
)
def test_a_wrong_value_falls_back(lua: Machine, name: str, value: Any, sentence: str) -> None:
    settings, problems = check(lua, {"regions": [REGION], name: value})
    assert problems == [sentence]
    assert settings is not None


def test_a_misspelt_setting_is_named(lua: Machine) -> None:
    _, problems = check(lua, {"regions": [REGION], "frame_per_set": 5})
    assert problems == ["frame_per_set is not a setting and is ignored"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"size": 6}, "region iwram cannot be scanned: its size is not a multiple of 4 up to 1 MiB"),
        ({"size": 2 << 20}, "region iwram cannot be scanned: its size is not a multiple of 4 up to 1 MiB"),
        ({"size": 8}, "region iwram cannot be scanned: it is too small for 5 frames per set"),
        ({"base": 2}, "region iwram cannot be scanned: its base is not an address that is a multiple of 4"),
        ({"base": 0xFFFF_FFF0}, "region iwram cannot be scanned: it does not fit the console's bus"),
        ({"offset": -4}, "region iwram cannot be scanned: its offset is not a multiple of 4"),
        *(
            (
                {"chunk_sizes": sizes},
                f"region iwram cannot be scanned: {NOT_COVERED}",
            )
            for sizes in (
                8192,
                [],
                [32768],
                [4096] * 8,
                [6556] * 5,
                [0, 8192, 8192, 8192, 8192],
                [2, 8190, 8192, 8192, 8192],
            )
        ),
        ({"domain": 7}, "region iwram cannot be scanned: it has no domain"),
        ({"name": ""}, "region  cannot be scanned: its name is not 1 to 32 letters, digits and _ . -"),
        ({"name": 7}, "region 7 cannot be scanned: its name is not 1 to 32 letters, digits and _ . -"),
        ({"name": "a b"}, "region a b cannot be scanned: its name is not 1 to 32 letters, digits and _ . -"),
        (
            {"name": "x" * 33},
            f"region {'x' * 33} cannot be scanned: its name is not 1 to 32 letters, digits and _ . -",
        ),
    ],
)
def test_a_region_that_is_impossible_stops_the_script(lua: Machine, change: dict[str, Any], sentence: str) -> None:
    settings, problems = check(lua, {"regions": [{**REGION, **change}]})
    assert settings is None
    assert problems == [sentence]


@pytest.mark.parametrize(
    "name", ["combined-wram", "iw.ram", "_", "7", "a b", "ä", "a/b", "a\\b", "", "x" * 32, "x" * 33]
)
def test_script_daemon_and_import_take_the_same_names_of_regions(lua: Machine, name: str) -> None:
    settings, _ = check(lua, {"regions": [{**REGION, "name": name}]})
    row = f"1,{name},8,03000000,00000000,00000001,1,08000102,None,None,0,0\n"
    assert len(list(read_rows([[row]], lambda _fault: None))) == (settings is not None)
    if settings is None:
        with pytest.raises(MessageError):
            Region(name, 0, 0x8000, 5)
    else:
        assert Region(name, 0, 0x8000, 5).name == name


def test_regions_need_names_of_their_own(lua: Machine) -> None:
    assert check(lua, {"regions": [REGION, REGION]}) == (
        None,
        ["region iwram cannot be scanned: another region has the same name"],
    )


@pytest.mark.parametrize("regions", [None, 7, [], [REGION] * 17])
def test_there_must_be_regions(lua: Machine, regions: Any) -> None:
    assert check(lua, {"regions": regions}) == (None, ["regions must be a list of 1 to 16 regions"])


def test_a_frame_must_fit_a_payload_even_when_all_memory_changes(lua: Machine) -> None:
    large = [{"name": f"r{i}", "domain": "D", "base": 0, "size": 1 << 20} for i in range(3)]
    settings, _ = check(lua, {"regions": large, "frames_per_set": 5})
    assert settings is not None
    settings, problems = check(lua, {"regions": large, "frames_per_set": 5, "scan_mode": "full"})
    assert settings is None
    assert problems == ['the regions are too large together for scan_mode "full"']


def test_chunks_may_have_other_sizes(lua: Machine) -> None:
    sizes = [4, 16384, 8192, 8184, 4]
    settings, problems = check(lua, {"regions": [{**REGION, "chunk_sizes": sizes}]})
    assert problems == []
    assert settings["regions"] == [{**REGION, "offset": 0, "chunk_sizes": sizes}]
    large = {**REGION, "size": 1 << 20, "chunk_sizes": [262148, 262140, 262144, 262140, 4]}
    assert check(lua, {"regions": [large]})[1] == ["region iwram cannot be scanned: a chunk has more than 262144 bytes"]


def test_the_dearest_frame_of_chunks_of_other_sizes_must_fit_a_payload(lua: Machine) -> None:
    sizes = [4, 4, 262144, 262136]
    three = [{"name": f"r{i}", "domain": "D", "base": 0, "size": sum(sizes), "chunk_sizes": sizes} for i in range(3)]
    settings, problems = check(lua, {"regions": three, "frames_per_set": 4})
    assert settings is not None
    settings, problems = check(lua, {"regions": [*three, {**three[0], "name": "r3"}], "frames_per_set": 4})
    assert problems == ['the regions are too large together for scan_mode "chunked"']


def test_a_chunk_must_have_few_enough_words(lua: Machine) -> None:
    large = {"name": "r", "domain": "D", "base": 0, "size": 1 << 20}
    _, problems = check(lua, {"regions": [large], "frames_per_set": 2})
    assert problems == ["region r cannot be scanned: it is too large for 2 frames per set"]


def test_the_command_line_comes_before_the_file(lua: Machine) -> None:
    settings, problems = check(
        lua,
        {"regions": [REGION], "scan_mode": "full"},
        scan_mode="atomic",
        frames_per_set="4",
        patience=50.0,
        on_screen="false",
    )
    assert problems == []
    assert (settings["scan_mode"], settings["frames_per_set"], settings["patience"]) == ("atomic", 4, 50)
    assert settings["on_screen"] is False


def test_a_file_that_returns_no_table(lua: Machine) -> None:
    assert check(lua, 7) == (None, ["config.lua does not return a table of settings"])
