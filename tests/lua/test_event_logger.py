"""The whole script in a written BizHawk: its messages, its cost, and its behaviour when things go wrong."""

import struct
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.daemon.importing.made import logged
from tests.lua.fake_bizhawk import FakeBizHawk
from tests.lua.fake_daemon import EVENT, FRAME, HELLO, KEYFRAME, FakeDaemon
from tests.lua.fake_disk import other_owner
from tests.lua.machine import SCRIPT_FOLDER

LIVE = "gbatrace: connected, session S1"

CONFIG = (
    "return {{ regions = {{ {{ name = 'iwram', domain = 'IWRAM', base = 0x03000000, size = 0x8000 }} }},"
    " reconnect_interval = 5, {settings} }}"
)


def connected(**options: Any) -> tuple[FakeBizHawk, FakeDaemon]:
    daemon = FakeDaemon()
    return FakeBizHawk(daemon, **options), daemon


CHUNKS = {"IWRAM": (0, 6556), "EWRAM": (1, 52432)}
"""Number of the region, and bytes of its first chunks."""


class Scribbler:
    """Changes memory at every frame, and knows what a scan must find: the truth, the plain way."""

    def __init__(self, seed: int = 0, writes: int = 100) -> None:
        self.dice = Random(seed)
        self.writes = writes

    def __call__(self, bizhawk: FakeBizHawk) -> None:
        for domain in CHUNKS:
            for _ in range(self.writes // 2):
                size = len(bizhawk.memory[domain])
                address = self.dice.choice([self.dice.randrange(size // 4), self.dice.randrange(64)]) * 4
                bizhawk.poke(domain, address, self.dice.choice([0, 1, self.dice.getrandbits(32)]))


def rows_of(daemon: FakeDaemon) -> list[list[tuple[int, ...]]]:
    return [frame["rows"] for number in sorted(daemon.sets) for frame in daemon.sets[number]["frames"]]


def test_it_says_what_it_does_and_to_whom() -> None:
    bizhawk, daemon = connected()
    bizhawk.play(5)
    what = "gbatrace: version 0.1.0 on BizHawk 2.11.1: bulk reads, chunked scan of IWRAM + EWRAM, 5 frames per set"
    assert bizhawk.lines == [what, LIVE]
    (greeting,) = daemon.said(HELLO)[0]
    assert greeting["client"] == "BizHawk 2.11.1"
    assert (greeting["rom_name"], greeting["rom_hash"], greeting["system"]) == ("Tiny Game", "AB" * 20, "GBA")
    assert greeting["regions"][1] == {"name": "ewram", "base": 0x0200_0000, "size": 0x40000}
    assert bizhawk.alive


@pytest.mark.parametrize(
    ("flavour", "phrase"),
    [("old", "word reads (slow)"), ("2.10", "block hashes"), ("2.11", "block hashes"), ("2.11.1", "bulk reads")],
)
def test_the_reader_is_named(flavour: str, phrase: str) -> None:
    bizhawk, _ = connected(flavour=flavour)
    bizhawk.play(1)
    assert f"BizHawk {flavour}: {phrase}" in bizhawk.lines[0]


@pytest.mark.parametrize(
    ("flavour", "mode"), [("2.11.1", "chunked"), ("2.10", "chunked"), ("2.11.1", "atomic"), ("2.11.1", "full")]
)
def test_every_change_is_recorded_and_none_invented(flavour: str, mode: str) -> None:
    bizhawk, daemon = connected(flavour=flavour, userdata={"scan_mode": mode})
    scribbler = Scribbler(3)
    last_scan: dict[tuple[str, int], bytes] = {}
    expected = []
    for frame in range(60):
        bizhawk.play(1, scribbler)
        rows: list[tuple[int, ...]] = []
        for domain, (region, size) in CHUNKS.items():
            for chunk in range(5):
                position = frame % 5
                scanned = {"chunked": chunk == position, "atomic": position == 4, "full": True}[mode]
                if not scanned:
                    continue
                now = bytes(bizhawk.memory[domain][chunk * size : (chunk + 1) * size])
                before = last_scan.get((domain, chunk), now)
                last_scan[domain, chunk] = now
                for at in range(0, len(now), 4):
                    if now[at : at + 4] != before[at : at + 4]:
                        value, previous = (int.from_bytes(image[at : at + 4], "little") for image in (now, before))
                        rows.append((region, chunk, at // 4, value, previous))
        expected.append(rows)
    assert sum(map(len, expected)) > 300
    assert rows_of(daemon) == expected


def test_old_and_new_bizhawks_say_the_same_bytes() -> None:
    said = []
    for flavour in ("2.11.1", "2.10"):
        bizhawk, daemon = connected(flavour=flavour)
        scribbler = Scribbler(4)
        bizhawk.play(100, scribbler)
        said.append([message for message in daemon.messages if message[0] != HELLO])
    assert said[0] == said[1]


def test_frames_say_buttons_and_program_counter() -> None:
    bizhawk, daemon = connected()
    bizhawk.pressed = {"A", "Right"}
    bizhawk.play(2)
    frame = daemon.said(FRAME)[1]
    assert frame[:3] == [0, 1, 1002]
    assert frame[4:6] == [0x8000_01F8, 0b10001]
    assert 0 <= frame[3] - 1000 * bizhawk.seconds < 1000


def test_a_core_without_registers_records_0() -> None:
    daemon = FakeDaemon()
    bizhawk = FakeBizHawk(daemon)
    bizhawk.pc = None
    bizhawk.play(2)
    assert daemon.said(FRAME)[0][4] == 0
    assert "this core does not show its program counter; it is recorded as 0" in bizhawk.lines[0]
    assert daemon.events[0][2:] == [
        "settings",
        {"problem": "this core does not show its program counter; it is recorded as 0"},
    ]


def test_the_budget_of_calls_on_2_11_1() -> None:
    bizhawk, daemon = connected(userdata={"proof_interval": 1})
    scribbler = Scribbler(5)
    bizhawk.play(10, scribbler)
    calls = []
    for _ in range(50):
        bizhawk.play(1, scribbler)
        calls.append(bizhawk.calls + 1)  # emu.frameadvance
    assert max(calls) <= 12
    assert sorted(calls)[25] <= 10
    assert daemon.proofs[-10:] == sorted(daemon.proofs[-10:], key=daemon.proofs[-10:].index)


def test_the_budget_of_calls_on_2_10() -> None:
    bizhawk, _ = connected(flavour="2.10")
    dice = Random(5)
    structures = [(name, 4 * dice.randrange(len(bizhawk.memory[name]) // 4 - 8)) for name in ("IWRAM", "EWRAM") * 60]

    def play_on(bizhawk: FakeBizHawk) -> None:
        for name, address in structures:
            for field in range(0, 20, 4):
                bizhawk.poke(name, address + field, dice.getrandbits(32))

    bizhawk.play(60, play_on)
    calls = []
    for _ in range(60):
        bizhawk.play(1, play_on)
        calls.append(bizhawk.calls + 1)
    assert sorted(calls)[30] <= 300
    assert max(calls) <= 1500


def test_proofs_prove() -> None:
    bizhawk, daemon = connected(userdata={"proof_interval": 1})
    bizhawk.play(100, Scribbler(6))
    assert set(daemon.proofs) == {(region, chunk) for region in (0, 1) for chunk in range(5)}


@pytest.mark.parametrize("mode", ["atomic", "full"])
def test_modes_that_need_bulk_reads_fall_back(mode: str) -> None:
    bizhawk, daemon = connected(flavour="2.10", userdata={"scan_mode": mode})
    bizhawk.play(1)
    assert bizhawk.lines[0].startswith(f'gbatrace: scan_mode "{mode}" needs bulk reads')
    assert daemon.said(HELLO)[0][0]["scan_mode"] == "chunked"
    assert daemon.events[0][2] == "settings"


def test_a_savestate_is_an_event_and_not_a_thousand_changes() -> None:
    bizhawk, daemon = connected()
    scribbler = Scribbler(7)
    bizhawk.play(12, scribbler)
    bizhawk.fire("onsavestate", "slot 1")
    saved = {name: bytes(memory) for name, memory in bizhawk.memory.items()}
    frame = bizhawk.frame
    bizhawk.play(20, scribbler)
    for name, memory in saved.items():
        bizhawk.memory[name][:] = memory
    bizhawk.frame = frame
    bizhawk.fire("onloadstate", "slot 1")
    bizhawk.play(6)
    names = [(event[2], event[3]) for event in daemon.events]
    assert names == [
        ("savestate_saved", {"name": "slot 1"}),
        ("savestate_loaded", {"name": "slot 1", "from": frame + 20, "to": frame + 1}),
    ]
    assert daemon.sets[6]["interruption"] == "savestate"
    assert daemon.sets[6]["screenshot"] is False
    assert [seen["frame"] for seen in daemon.sets[7]["frames"]] == list(range(frame + 2, frame + 7))
    assert all(not seen["rows"] for seen in daemon.sets[7]["frames"])


def test_the_baseline_is_retaken_after_a_break() -> None:
    bizhawk, daemon = connected(flavour="2.10", userdata={"proof_interval": 1})
    scribbler = Scribbler(8)
    bizhawk.play(11, scribbler)
    for address in range(0, 0x8000, 4):
        bizhawk.poke("IWRAM", address, address)
    bizhawk.frame -= 5
    bizhawk.play(60, scribbler)
    assert daemon.sets[2]["interruption"] == "rewind"
    assert len(daemon.said(KEYFRAME)) == 20
    assert len(daemon.proofs) > 10
    assert max(len(rows) for rows in rows_of(daemon)) < 200


def test_a_reset_by_the_power_switch() -> None:
    bizhawk, daemon = connected()
    bizhawk.play(7)
    bizhawk.pressed = {"Power"}
    bizhawk.play(1)
    bizhawk.pressed = set()
    bizhawk.play(5)
    assert daemon.sets[1]["interruption"] == "reset"
    assert [event[2] for event in daemon.events] == ["reset"]
    assert len(daemon.sets[2]["frames"]) == 5


def test_a_rewind_held_for_long_is_one_event() -> None:
    bizhawk, daemon = connected()
    bizhawk.play(100)
    for _ in range(60):
        bizhawk.frame -= 1
        bizhawk.end_frame()
    bizhawk.play(5)
    assert [(event[2], event[3]) for event in daemon.events] == [("rewind", {"from": 1100, "to": 1040})]
    assert len(daemon.sets) == 21


def test_another_game_is_another_session() -> None:
    bizhawk, daemon = connected()
    bizhawk.play(8)
    bizhawk.rom, bizhawk.frame = "CD" * 20, 0
    bizhawk.play(1)
    assert daemon.sets[1]["interruption"] == "rom"
    assert daemon.events[-1][2:] == ["rom_changed", {"from": "AB" * 20, "to": "CD" * 20}]
    assert daemon.goodbye == "another game was loaded"
    daemon.forget()
    bizhawk.play(6)
    greetings = [greeting for (greeting,) in daemon.said(HELLO)]
    assert [greeting["rom_hash"] for greeting in greetings] == ["AB" * 20, "CD" * 20]
    assert greetings[1]["resume"] == ""
    assert daemon.connections == 3
    assert [frame["frame"] for frame in daemon.sets[0]["frames"]] == [2, 3, 4, 5, 6]
    assert bizhawk.timeouts


def test_without_a_game_it_waits_for_one() -> None:
    bizhawk, daemon = connected()
    bizhawk.play(1)
    bizhawk.rom, bizhawk.system = "", "NULL"
    bizhawk.play(1)
    bizhawk.play(10)
    assert daemon.goodbye
    assert bizhawk.calls == 1
    daemon.forget()
    bizhawk.rom, bizhawk.system = "EF" * 20, "GBA"
    bizhawk.play(7)
    assert bizhawk.lines[-1] == "gbatrace: connected, session S2"
    assert 0 in daemon.sets


def test_a_game_without_the_regions_is_not_traced() -> None:
    bizhawk, daemon = connected()
    bizhawk.play(1)
    del bizhawk.memory["IWRAM"]
    bizhawk.rom = "EF" * 20
    bizhawk.play(5)
    assert bizhawk.lines[-1] == (
        "gbatrace: this core has no memory domain IWRAM (region iwram of config.lua); it has EWRAM, SRAM; "
        "this game is not traced"
    )
    assert len(daemon.said(HELLO)) == 1


def test_without_a_socket_it_says_how_to_start_bizhawk_and_idles() -> None:
    bizhawk = FakeBizHawk(None)
    assert len(bizhawk.lines) == 1
    assert 'start BizHawk by "gbatrace play <game>", or with the line that "gbatrace serve" prints' in bizhawk.lines[0]
    bizhawk.play(3)
    assert bizhawk.calls == 0
    assert bizhawk.alive


def test_a_daemon_that_goes_away_and_comes_back_gets_everything() -> None:
    bizhawk, daemon = connected()
    scribbler = Scribbler(9)
    bizhawk.play(13, scribbler)
    daemon.hang_up()
    daemon.listening = False
    bizhawk.play(40, scribbler)
    assert bizhawk.drawn == ["gbatrace: waiting for the daemon, 9 frame sets kept"]
    daemon.listening = True
    for _ in range(8):
        bizhawk.seconds += 60
        bizhawk.play(5, scribbler)
    assert bizhawk.drawn == []
    bizhawk.fire("onexit")
    frames = [frame["frame"] for number in sorted(daemon.sets) for frame in daemon.sets[number]["frames"]]
    assert frames[-60:] == list(range(bizhawk.frame - 59, bizhawk.frame + 1))
    assert sorted(daemon.sets) == list(range(len(daemon.sets)))
    assert daemon.goodbye == "the script was stopped"
    assert bizhawk.connects == [9999, 9999][: len(bizhawk.connects)]


def gone(tmp_path: Path) -> tuple[FakeBizHawk, FakeDaemon]:
    """A script with a spool, whose daemon went away after two sets and a half."""
    bizhawk, daemon = connected(userdata={"spool_folder": str(tmp_path / "spool"), "spool_size": 10})
    bizhawk.play(13, Scribbler(10))
    daemon.hang_up()
    daemon.listening = False
    return bizhawk, daemon


def back(bizhawk: FakeBizHawk, daemon: FakeDaemon) -> None:
    daemon.listening = True
    scribbler = Scribbler(12)
    for _ in range(20):
        bizhawk.seconds += 60
        bizhawk.play(5, scribbler)


def test_while_the_daemon_is_away_the_disk_takes_everything(tmp_path: Path) -> None:
    bizhawk, daemon = gone(tmp_path)
    calls = []
    scribbler = Scribbler(11)
    for _ in range(60):
        bizhawk.play(1, scribbler)
        calls.append(bizhawk.calls + 1)
    assert max(calls) <= 12, "the first one also sends, says what is wrong and makes a folder"
    assert max(calls[10:]) <= 9
    folder = tmp_path / "spool" / "1"
    assert sorted(int(path.stem) for path in (folder / "snapshots").iterdir()) == list(range(2, 14))
    rows = logged((folder / "event_log.csv").read_bytes())
    back(bizhawk, daemon)
    recorded = [row for number in range(14) for frame in daemon.sets[number]["frames"] for row in frame["rows"]]
    words = [tuple(int(row[name], 16) for name in ("address", "curr_val", "prev_val")) for row in rows]
    assert words == [(address_of(*row[:3]), *row[3:]) for row in recorded][-len(rows) :]
    assert len(rows) > 1000
    whole = [held for held in daemon.sets.values() if "interruption" in held]
    assert all(held["png"] or held["screenshot"] for held in whole)
    assert list(tmp_path.iterdir()) == []


def address_of(region: int, chunk: int, word: int) -> int:
    return (0x0300_0000, 0x0200_0000)[region] + chunk * list(CHUNKS.values())[region][1] + 4 * word


def test_a_script_that_died_offline_is_gone_on_with_by_the_next(tmp_path: Path) -> None:
    bizhawk, daemon = gone(tmp_path)
    bizhawk.play(20)
    frame = bizhawk.frame // 5 * 5
    assert max(daemon.sets) < 5
    daemon.listening = True
    daemon.connect()
    later = FakeBizHawk(daemon, userdata={"spool_folder": str(tmp_path / "spool"), "spool_size": 10})
    later.play(40)
    assert later.lines[-1] == LIVE
    assert [event[2:] for event in daemon.events] == [["jump", {"from": frame, "to": 1001}]]
    frames = [seen["frame"] for number in sorted(daemon.sets) for seen in daemon.sets[number]["frames"]]
    recovered = frame - 1000
    assert frames[:recovered] == list(range(1001, 1001 + recovered))
    assert frames[recovered:] == list(range(1001, 1001 + len(frames) - recovered))


def test_an_end_in_an_outage_says_where_everything_is(tmp_path: Path) -> None:
    bizhawk, _ = gone(tmp_path)
    bizhawk.play(20)
    bizhawk.fire("onexit")
    assert bizhawk.lines[-1] == "gbatrace: 6 frame sets will be delivered at the next start"


def test_text_can_be_turned_off() -> None:
    daemon = FakeDaemon()
    bizhawk = FakeBizHawk(daemon, config=CONFIG.format(settings="on_screen = false"))
    daemon.hang_up()
    bizhawk.play(10)
    assert bizhawk.drawn == []


def test_the_daemon_can_show_a_text() -> None:
    bizhawk, daemon = connected()
    daemon.commands = [["show", {"text": "5 labels"}]]
    bizhawk.play(11)
    assert bizhawk.drawn == ["5 labels"]


HOTKEYS = (
    "hotkeys = { Keypad1 = { latch = { field = 'context', value = 'battle' } }, Keypad0 = { mark = 'boss' } },"
    " proof_interval = 1"
)

SET_HOTKEYS = "shipped.hotkeys, shipped.proof_interval = { X = { mark = 'boss' } }, 1"


def test_a_key_marks_or_latches_once_each_time_it_goes_down() -> None:
    bizhawk, daemon = connected(config=CONFIG.format(settings=HOTKEYS))
    bizhawk.play(12)
    bizhawk.keys = {"Keypad1", "Z"}
    bizhawk.play(7)
    bizhawk.keys = {"Keypad0"}
    bizhawk.play(7)
    assert bizhawk.drawn == ["[mark boss]"]
    assert [event[2:] for event in daemon.events] == [
        ["latch", {"field": "context", "value": "battle"}],
        ["mark", {"name": "boss"}],
    ]
    assert all(abs(event[0] - frame) <= 1 for event, frame in zip(daemon.events, (1013, 1020), strict=True))
    daemon.commands = [["show", {"text": "battle"}]]
    bizhawk.play(20)
    assert bizhawk.drawn == ["battle [mark boss]"]
    bizhawk.play(90)
    assert bizhawk.drawn == ["battle"]


def test_the_budget_of_calls_with_hotkeys() -> None:
    shipped = (SCRIPT_FOLDER / "config.lua").read_text(encoding="utf-8")
    bizhawk, _ = connected(config=f"local shipped = (function() {shipped} end)() {SET_HOTKEYS} return shipped")
    scribbler = Scribbler(5)
    bizhawk.play(10, scribbler)
    calls = []
    for _ in range(50):
        bizhawk.play(1, scribbler)
        calls.append(bizhawk.calls + 1)
    assert max(calls) <= 12


def test_without_hotkeys_nobody_looks_at_the_keyboard() -> None:
    bizhawk, _ = connected()
    bizhawk.run_lua("input.get = function() error('who asked?') end")
    bizhawk.play(20)
    assert len(bizhawk.lines) == 2


@pytest.mark.parametrize("event", ["onexit", "onconsoleclose"])
def test_the_end_flushes_and_says_goodbye_once(event: str) -> None:
    bizhawk, daemon = connected()
    bizhawk.play(13)
    bizhawk.fire(event)
    assert daemon.sets[2]["interruption"] == "stop"
    assert len(daemon.sets[2]["frames"]) == 3
    assert daemon.goodbye.startswith("the ")
    bizhawk.fire("onconsoleclose")
    bizhawk.fire("onexit")
    bizhawk.play(3)
    assert daemon.unread == 0


def test_what_could_not_be_delivered_is_reported_at_the_end() -> None:
    bizhawk, daemon = connected()
    bizhawk.play(6)
    daemon.hang_up()
    bizhawk.play(13)
    bizhawk.fire("onexit")
    assert bizhawk.lines[-1] == "gbatrace: 4 frame sets could not be delivered: there was no daemon to take them"


def test_an_error_is_reported_once_and_the_game_goes_on() -> None:
    bizhawk, daemon = connected()
    bizhawk.play(7)
    bizhawk.run_lua(
        "kept, count = joypad.getwithmovie, 0"
        " joypad.getwithmovie = function() count = count + 1 error('the pad is gone: ' .. count) end"
    )
    bizhawk.play(2)
    bizhawk.run_lua("joypad.getwithmovie = kept")
    bizhawk.play(7)
    told = [line for line in bizhawk.lines if "the pad is gone" in line]
    assert len(told) == 1
    assert "stack traceback" in told[0]
    assert [event[2] for event in daemon.events] == ["error", "jump"]
    assert daemon.sets[1]["interruption"] == "jump"
    assert len(daemon.sets[2]["frames"]) == 5


def test_too_many_errors_turn_the_tracer_off_with_its_data_safe() -> None:
    bizhawk, daemon = connected()
    bizhawk.play(7)
    bizhawk.run_lua("joypad.getwithmovie = nil")
    bizhawk.play(20)
    assert bizhawk.lines[-1] == "gbatrace: there were too many errors; tracing is off, the game goes on"
    assert daemon.goodbye == "too many errors"
    assert daemon.sets[1]["interruption"] == "stop"
    assert bizhawk.alive
    assert bizhawk.calls == 0


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        ("return {", "gbatrace: config.lua cannot be read: config.lua:1: "),
        ("error('oh')", "gbatrace: config.lua fails: config.lua:1: oh"),
        ("return 7", "gbatrace: config.lua does not return a table of settings"),
        ("return { regions = {} }", "gbatrace: regions must be a list of 1 to 16 regions"),
    ],
)
def test_settings_that_cannot_be_used_are_reported_and_nothing_else_happens(config: str, sentence: str) -> None:
    bizhawk, daemon = connected(config=config)
    assert bizhawk.lines[0].startswith(sentence)
    assert bizhawk.lines[-1] == "gbatrace: tracing is off until config.lua is corrected and the script is started again"
    bizhawk.play(3)
    assert daemon.messages == []


def test_a_setting_that_falls_back_is_reported_and_recorded() -> None:
    bizhawk, daemon = connected(config=CONFIG.format(settings="frames_per_set = 0"))
    sentence = "frames_per_set must be a whole number from 1 to 60; 5 is used instead"
    bizhawk.play(1)
    assert bizhawk.lines[0] == f"gbatrace: {sentence}"
    assert [event[2:] for event in daemon.events] == [["settings", {"problem": sentence}]]
    assert daemon.said(EVENT)


def test_started_again_it_runs_its_new_modules() -> None:
    bizhawk, _ = connected()
    old = bizhawk.run_lua("return require('wire.spec')")
    assert bizhawk.run_lua("return package.loaded['wire.spec'] ~= nil")
    bizhawk.run_lua("package.loaded['scan.gba'] = 'stale'")
    bizhawk.callbacks.clear()
    bizhawk._main = bizhawk._prepare(None)
    bizhawk._resume()
    assert bizhawk.run_lua("return type(package.loaded['scan.gba']) == 'table'")
    assert old is not bizhawk.run_lua("return package.loaded['wire.spec']")


class TestWithoutSocket:
    """A BizHawk that was started by hand: load a ROM, run the script."""

    @staticmethod
    def played(tmp_path: Path, frames: int = 50, seed: int = 20) -> FakeBizHawk:
        bizhawk = FakeBizHawk(None, userdata={"spool_folder": str(tmp_path / "spool"), "spool_size": 10})
        bizhawk.play(frames, Scribbler(seed))
        return bizhawk

    def test_it_records_to_disk_and_says_how_to_import_that(self, tmp_path: Path) -> None:
        bizhawk = self.played(tmp_path)
        folder = tmp_path / "spool" / "1"
        rows = logged((folder / "event_log.csv").read_bytes())
        assert {int(row["frame_set_id"]) for row in rows} == set(range(1, 10))
        assert len(rows) > 500
        assert sorted(int(path.stem) for path in (folder / "snapshots").iterdir()) == list(range(10))
        (line,) = bizhawk.lines[1:]
        assert f"started without a link to gbatrace, so log and screenshots go to {folder.as_posix()} next to" in line
        assert f'"gbatrace import --csv {folder.as_posix()}/event_log.csv" there makes a session of them' in line
        assert line.endswith('"gbatrace play <game>" records live')
        assert bizhawk.drawn == ["gbatrace: recording to disk, 10 frame sets"]

    @pytest.mark.skipif(sys.platform != "linux", reason="elsewhere an open file tells, or nothing does")
    def test_a_folder_that_another_emulator_has_just_begun_is_left_to_it(self, tmp_path: Path) -> None:
        folder = tmp_path / "spool" / "1"
        folder.mkdir(parents=True)
        (folder / "journal.bin").touch()
        with other_owner() as owner:
            (folder / "journal.bin.owner").write_text(owner)
            bizhawk = self.played(tmp_path)
        assert (folder / "journal.bin").stat().st_size == 0
        mine = tmp_path / "spool" / "2"
        assert (mine / "journal.bin").stat().st_size > 0
        assert (mine / "journal.bin.owner").is_file()
        bizhawk.fire("onexit")
        assert not (mine / "journal.bin.owner").exists(), "the next script may deliver it"

    def test_every_frame_set_is_flushed_as_soon_as_it_is_complete(self, tmp_path: Path) -> None:
        bizhawk = FakeBizHawk(None, userdata={"spool_folder": str(tmp_path / "spool"), "spool_size": 10})
        scribbler = Scribbler(20)
        bizhawk.play(5, scribbler)
        for number in range(1, 8):
            bizhawk.play(5, scribbler)
            rows = logged((tmp_path / "spool" / "1" / "event_log.csv").read_bytes())
            assert rows[-1]["frame_set_id"] == str(number)

    @pytest.mark.parametrize("end", ["onexit", "onconsoleclose", "onloadstate"])
    def test_the_set_in_progress_is_flushed_at_the_end_and_at_a_savestate(self, tmp_path: Path, end: str) -> None:
        bizhawk = self.played(tmp_path, frames=53)
        bizhawk.fire(end, *(["slot 1"] if end == "onloadstate" else []))
        if end == "onloadstate":
            bizhawk.end_frame()
        rows = logged((tmp_path / "spool" / "1" / "event_log.csv").read_bytes())
        assert rows[-1]["frame_set_id"] == "10"

    def test_each_start_takes_a_folder_of_its_own_and_leaves_the_others(self, tmp_path: Path) -> None:
        self.played(tmp_path).fire("onexit")
        before = (tmp_path / "spool" / "1" / "event_log.csv").read_bytes()
        bizhawk = self.played(tmp_path, seed=21)
        bizhawk.fire("onexit")
        assert (tmp_path / "spool" / "1" / "event_log.csv").read_bytes() == before
        rows = logged((tmp_path / "spool" / "2" / "event_log.csv").read_bytes())
        assert rows[0]["frame_set_id"] == "1"
        assert bizhawk.lines[-1].startswith("gbatrace: 10 frame sets recorded; they are in ")

    def test_the_next_script_with_a_link_delivers_them(self, tmp_path: Path) -> None:
        self.played(tmp_path).fire("onexit")
        daemon = FakeDaemon()
        linked = FakeBizHawk(daemon, userdata={"spool_folder": str(tmp_path / "spool"), "spool_size": 10})
        done = "gbatrace: 10 frame sets of an earlier run delivered"
        while done not in linked.lines and linked.frame < 1100:
            linked.play(1)
        assert linked.lines[1:3] == [LIVE, done]
        assert [len(daemon.sets[number]["frames"]) for number in range(10)] == [5] * 10
        assert all(daemon.sets[number]["png"] for number in range(10))
        assert not (tmp_path / "spool" / "1").exists()

    def test_what_was_imported_is_not_delivered_again(self, tmp_path: Path) -> None:
        self.played(tmp_path).fire("onexit")
        journal = tmp_path / "spool" / "1" / "journal.bin"
        terms = struct.pack("<I", 2) + b"S9" + struct.pack("<I", 3) + b"TS9" + struct.pack("<q", 0)
        told = struct.pack("<q", journal.stat().st_size) + struct.pack("<BI", 1, len(terms)) + terms
        journal.with_name("imported.bin").write_bytes(told)
        daemon = FakeDaemon()
        linked = FakeBizHawk(daemon, userdata={"spool_folder": str(tmp_path / "spool"), "spool_size": 10})
        linked.play(10)
        assert linked.lines[1:] == [LIVE]
        assert daemon.resumes == [""]
        assert journal.is_file()

    def test_a_long_recording_keeps_nothing_in_memory(self, tmp_path: Path) -> None:
        bizhawk = self.played(tmp_path, frames=5)
        before = bizhawk.run_lua("collectgarbage() return collectgarbage('count')")
        bizhawk.play(1500)
        after = bizhawk.run_lua("collectgarbage() collectgarbage() return collectgarbage('count')")
        assert after - before < 60

    def test_without_a_spool_nothing_can_be_recorded(self) -> None:
        bizhawk = FakeBizHawk(None)
        bizhawk.play(10)
        (line,) = bizhawk.lines
        assert line.startswith(
            "gbatrace: there is no daemon to send to, and spool_size is 0 in config.lua, so nothing is recorded; start"
        )
