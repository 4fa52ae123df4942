"""Logs become sessions: the original's, rotated ones, and everything that can be wrong with them."""

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from daemon.analysis.session_history import open_history
from daemon.disk.durability import Unsynced
from daemon.importing.csv_import import ImportOptions, import_log
from daemon.importing.import_report import ImportReport
from daemon.verifying.verify import verify_session
from protocol.changes import U8, Bools
from protocol.errors import ConfigError, GbatraceError, LayoutError, LogError, SessionError, SettingsError, StoreError
from protocol.regions import Region
from protocol.session.change_log import EntryKind
from protocol.session.change_log_reader import logged_blocks
from protocol.session.flaws import NO_SCREENSHOT, borrowed_flaw
from protocol.session.reader import SessionReader, open_session
from tests.daemon.importing.made import REGIONS, START, log_row, write_log, write_snapshots
from tests.fakes.screenshots import png

CONFIG = {"game": "Demo", "keys": {"A": "x", "Right": "right"}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A log of three sets, the second without a screenshot, and a game config."""
    rows = [
        log_row(1, 8, address="03000000", current_keys="x+Right", key_history="None | x+Right"),
        log_row(1, 9, address="03001999", current_keys="None"),
        log_row(1, 13, address="03007FFD", chunk_id=5, region="iwram", pc="08000100"),
        log_row(2, 14),
        log_row(3, 20, region="ewram", address="0203FFFC", chunk_id=5),
    ]
    write_log(tmp_path / "event_log.csv", rows)
    write_snapshots(tmp_path / "snapshots", [1, 3])
    (tmp_path / "demo.json").write_text(json.dumps(CONFIG))
    return tmp_path


def import_from(folder: Path, *logs: str, name: str = "run", **options: Any) -> ImportReport:
    named = [folder / log for log in logs or ("event_log.csv",)]
    return import_log(
        ImportOptions(logs=named, output=folder / "data", session_name=name, **options), lambda _more: None
    )


def session(folder: Path, name: str = "run") -> SessionReader:
    return open_session(folder / "data" / name)


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class TestImport:
    def test_the_originals_document_comes_first(self, folder: Path) -> None:
        import_from(folder, game_config=folder / "demo.json")
        document = json.loads((folder / "data" / "run" / "1" / "event.json").read_bytes())
        assert list(document)[:6] == [
            "timestamp",
            "pc",
            "current_keys",
            "frame_set_id",
            "frames_in_set",
            "memory_changes",
        ]
        assert document["timestamp"] == START + 13 * 16
        assert (document["pc"], document["current_keys"]) == ("08000100", [])
        assert document["frames_in_set"] == [8, 9, 13]
        assert document["memory_changes"][0] == {
            "region": "iwram",
            "frame": 8,
            "address": "03000000",
            "prev_val": "00000000",
            "curr_val": "00000003",
            "freq": 1,
        }
        assert document["frames"][0]["current_keys"] == ["A+Right"]
        assert document["frames"][0]["key_history"] == ["None", "A+Right"]
        assert (document["whole"], document["flaws"]) == (True, [])

    def test_the_original_chunks_are_found_again(self, folder: Path) -> None:
        import_from(folder)
        assert [scan.chunk for scan in session(folder).frame_set(1).changes] == [0, 1, 5]

    def test_metadata_tell_the_source(self, folder: Path) -> None:
        import_from(folder, game_config=folder / "demo.json", num_frames=6)
        facts = session(folder).metadata
        assert (facts.session_id, facts.is_custom_name) == ("run", True)
        assert (facts.total_frame_sets, facts.first_set, facts.last_set, facts.num_frames_per_set) == (3, 1, 3, 6)
        assert (facts.game_name, facts.game_config) == ("Demo", "demo.json")
        assert facts.source_csv == "event_log.csv"
        assert (facts.created, facts.ended) == (START + 128, START + 320)
        assert (facts.lost.flawed, facts.lost.screenshots) == (1, 1)
        assert facts.recorder["imported"]["rows"] == 5

    def test_a_loaded_savestate_is_an_event(self, folder: Path) -> None:
        write_log(folder / "jump.csv", [log_row(0, 500), log_row(1, 7), log_row(2, 12)])
        import_from(folder, "jump.csv")
        (event,) = session(folder).events()
        assert (event.name, event.frame_set_id, event.details) == ("jump", 1, {"from": 500, "to": 7})

    def test_a_missing_screenshot_is_lent(self, folder: Path) -> None:
        report = import_from(folder)
        assert [each.png for each in session(folder).frame_sets()] == [png(1), png(1), png(3)]
        assert session(folder).frame_set(2).flaws == (NO_SCREENSHOT, borrowed_flaw(1))
        assert report.flaws == {NO_SCREENSHOT: 1}
        assert report.clean

    def test_without_a_name_it_is_made_of_the_time(self, folder: Path) -> None:
        report = import_from(folder, name="")
        assert report.session_id.startswith("2025")
        assert report.session_id.endswith("-imported")
        assert not session(folder, report.session_id).metadata.is_custom_name

    def test_without_screenshots_it_comes_in_as_well(self, folder: Path) -> None:
        shutil.rmtree(folder / "snapshots")
        import_from(folder)
        assert [each.flaws for each in session(folder).frame_sets()] == [(NO_SCREENSHOT,)] * 3

    def test_a_dry_run_writes_nothing(self, folder: Path) -> None:
        before = everything(folder)
        report = import_from(folder, dry_run=True, cleanup=True)
        assert (report.rows, report.frame_sets) == (5, 3)
        assert everything(folder) == before
        assert not (folder / "data").exists()

    def test_progress_ends_at_the_size_of_the_log(self, folder: Path) -> None:
        told: list[int] = []
        log = folder / "event_log.csv"
        import_log(ImportOptions(logs=[log], output=folder / "data"), told.append)
        assert sum(told) == log.stat().st_size

    def test_what_is_worth_knowing_is_noted(self, folder: Path) -> None:
        write_log(
            folder / "six.csv",
            ["timestamp,region", *(log_row(0, frame, chunk_id=frame, current_keys="F5") for frame in range(6))],
        )
        notes = list(import_from(folder, "six.csv", game_config=folder / "demo.json").notes)
        assert notes == [
            "A header was skipped",
            (
                "Frame sets have up to 6 frames, not 5: the original script needed a sixth frame for the last bytes. "
                "With --num_frames 6 the session says so, and datasets have six frames a step"
            ),
            "Keys that no console button has in demo.json were left out: F5",
            "2 screenshots belong to no frame set of the log",
        ]

    def test_changes_that_searches_leave_out_are_counted(self, folder: Path) -> None:
        odd = ["03008000", "03008008", "02040000", "02FFFFFC", "08000000"]
        rows = [log_row(number, 8 * number, address=address) for number, address in enumerate(odd)]
        whole = [log_row(9, 90, address=f"{0x0300_0000 + 4 * word:08X}") for word in range(40)]
        write_log(folder / "odd.csv", [*rows, *whole])
        report = import_from(folder, "odd.csv")
        imported = session(folder)
        logged = sum(int((block.entry_kinds == EntryKind.CHANGED).sum()) for block in logged_blocks(imported))
        assert (report.rows, logged) == (45, 40)
        (verified,) = verify_session(imported.folder.path).notes
        assert verified.startswith("5 changes are at addresses outside of")
        assert verified in [f"{note}." for note in report.notes]
        assert open_history(folder / "data", "run").history.left_out == 5

    def test_memory_that_was_read_at_odd_addresses_is_searched_by_bytes(self, folder: Path) -> None:
        play = OriginalScan()
        write_log(folder / "odd.csv", play.rows)
        import_from(folder, "odd.csv")
        assert verify_session(session(folder).folder.path).findings == []
        history = open_history(folder / "data", "run").history
        assert history.left_out == 0
        for number in range(1, len(play.seen)):  # In the first set nothing is a change yet.
            memory, known = play.seen[number]
            found = history.memory_at(number)
            assert np.array_equal(found.known, known)
            assert np.array_equal(found.image, np.where(known, memory, 0))
        changed = np.zeros(len(memory), np.int64)
        for _, moved in play.moved:
            changed[moved] += 1
        counts = history.all_change_counts.of(1)
        assert np.array_equal(np.flatnonzero(counts), np.flatnonzero(changed))
        assert np.array_equal(counts[~play.is_read_twice], changed[~play.is_read_twice])

    def test_one_screenshot_is_not_many(self, folder: Path) -> None:
        write_snapshots(folder / "snapshots", [99])
        report = import_from(folder, cleanup=True)
        assert "1 screenshot belongs to no frame set of the log" in report.notes
        assert "Deleted 2 screenshots that the session has" in report.notes

    def test_the_folder_of_an_earlier_export_is_not_read(self, folder: Path) -> None:
        (folder / "event_log.beside").mkdir()
        (folder / "event_log.beside" / "frame_sets.jsonl").write_bytes(b"{")
        report = import_from(folder)
        assert report.clean
        assert "event_log.beside, which an earlier version of gbatrace exported with the log, was not read" in str(
            list(report.lines())
        )


class OriginalScan:
    """Memory as the original script reads it: chunks of a fifth, rounded down, and a sixth for the last bytes.

    `seen` is memory after each set as it was read, and which bytes ever changed; `moved` the bytes of each change.
    """

    def __init__(self, sets: int = 12) -> None:
        chance = np.random.default_rng(3)
        size = sum(region.size for region in REGIONS)
        memory = chance.integers(0, 256, size, np.uint8)
        busy = np.concatenate([self._busy(index, chance) for index in range(len(REGIONS))])
        read, known = memory.copy(), np.zeros(size, np.bool_)
        self.rows: list[str] = []
        self.seen: list[tuple[U8, Bools]] = []
        self.moved: list[tuple[int, NDArray[np.int64]]] = []
        self._last: dict[tuple[int, int], int] = {}
        self.is_read_twice = np.zeros(size, np.bool_)
        for number in range(sets):
            for chunk in range(6):
                some = chance.choice(busy, 25)
                memory[some] = chance.integers(0, 256, len(some))
                for index, region in enumerate(REGIONS):
                    self._scan(number, chunk, index, region, memory, read, known)
            self.seen.append((read.copy(), known.copy()))

    def _busy(self, index: int, chance: np.random.Generator) -> NDArray[np.int64]:
        """Bytes that change: at the borders of chunks, and some others."""
        first, region = REGIONS[0].size * index, REGIONS[index]
        borders = [chunk * (region.size // 5) + offset for chunk in range(1, 6) for offset in range(-4, 5)]
        found = np.array([*borders, *range(region.size - 5, region.size), *chance.integers(0, region.size, 50)])
        return first + found[found < region.size]

    def _scan(self, number: int, chunk: int, index: int, region: Region, memory: U8, read: U8, known: Bools) -> None:
        first, step = REGIONS[0].size * index, region.size // 5
        behind = np.concatenate([memory[first : first + region.size], np.zeros(4, np.uint8)])
        for offset in range(chunk * step, min((chunk + 1) * step, region.size), 4):
            value = int.from_bytes(behind[offset : offset + 4].tobytes(), "little")
            before = self._last.setdefault((index, offset), value)
            if value == before:
                continue
            self._last[index, offset] = value
            frame = 6 * number + chunk
            row = {"region": region.name, "address": f"{region.base + offset:08X}", "chunk_id": chunk}
            self.rows.append(log_row(number, frame, prev_val=f"{before:08X}", curr_val=f"{value:08X}", **row))
            covered = np.arange(first + offset, first + min(offset + 4, region.size))
            known[covered] = True
            read[covered] = memory[covered]
            differ = np.frombuffer((value ^ before).to_bytes(4, "little"), np.uint8)[: len(covered)] != 0
            self.moved.append((frame, covered[differ]))
            self.is_read_twice[covered] |= offset + 4 > (chunk + 1) * step  # By the next chunk as well.


class TestCleanup:
    def test_screenshots_stay_by_default(self, folder: Path) -> None:
        import_from(folder)
        assert len(list((folder / "snapshots").iterdir())) == 2

    def test_screenshots_that_the_session_has_are_deleted(self, folder: Path) -> None:
        import_from(folder, cleanup=True)
        assert not (folder / "snapshots").exists()
        assert session(folder).screenshot(3) == png(3)
        assert (folder / "event_log.csv").exists()

    def test_nothing_is_deleted_before_all_of_it_is_on_the_medium(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        synced: set[Path] = set()

        def wrote(_self: Unsynced, paths: Iterable[Path]) -> None:
            synced.update(paths)

        def fail(_self: Unsynced) -> None:
            raise StoreError("the disk is gone")

        monkeypatch.setattr(Unsynced, "wrote", wrote)
        monkeypatch.setattr(Unsynced, "sync", fail)
        with pytest.raises(StoreError):
            import_from(folder, cleanup=True)
        assert len(list((folder / "snapshots").iterdir())) == 2
        kept = session(folder).folder
        assert {kept.event(2), kept.screenshot(3), kept.metadata, kept.path, kept.path.parent} <= synced

    def test_others_stay(self, folder: Path) -> None:
        write_snapshots(folder / "snapshots", [7])
        (folder / "snapshots" / "2.png").write_bytes(b"no screenshot")
        (folder / "snapshots" / "notes.txt").write_text("mine")
        import_from(folder, cleanup=True)
        assert sorted(path.name for path in (folder / "snapshots").iterdir()) == ["2.png", "7.png", "notes.txt"]


class TestRotatedLogs:
    def test_parts_are_read_in_the_order_of_their_times(self, folder: Path) -> None:
        rows = (folder / "event_log.csv").read_text().splitlines()
        write_log(folder / "b.csv", rows[:2])
        write_log(folder / "a.csv", rows[2:])
        import_from(folder, "a.csv", "b.csv", name="parts")
        import_from(folder, name="whole")
        parts, whole = session(folder, "parts"), session(folder, "whole")
        for number in whole.frame_set_ids():
            assert parts.folder.event(number).read_bytes() == whole.folder.event(number).read_bytes()
        assert parts.metadata.source_csv == "b.csv; a.csv"

    def test_two_sessions_are_refused(self, folder: Path) -> None:
        write_log(folder / "other.csv", [log_row(1, 500)])
        with pytest.raises(
            LogError, match=r"other\.csv:1: frame set 1 begins again, it is at event_log\.csv:1 already"
        ):
            import_from(folder, "event_log.csv", "other.csv")
        assert not list((folder / "data").iterdir())


class TestOddLogs:
    def test_odd_lines_are_counted_and_kept(self, folder: Path) -> None:
        odd = ["1,2,3", log_row(1, 8, address="xyz"), log_row(1, -8), 'half "a line']
        rows = (folder / "event_log.csv").read_text().splitlines()
        write_log(folder / "odd.csv", [rows[0], *odd[:2], *rows[1:], *odd[2:]])
        report = import_from(folder, "odd.csv")
        import_from(folder, name="even")
        assert not report.clean
        assert sum(report.rejected.values()) == 4
        assert next(report.lines()).startswith("1 line left out: it has 3 columns instead of 12 (odd.csv:2)")
        with session(folder).folder.rejected_rows.open(encoding="utf-8", newline="") as file:
            kept = list(csv.reader(file))
        assert [(row[1], row[3]) for row in kept] == [("2", odd[0]), ("3", odd[1]), ("8", odd[2]), ("9", odd[3])]
        for number in (1, 2, 3):
            assert (
                session(folder).folder.event(number).read_bytes()
                == session(folder, "even").folder.event(number).read_bytes()
            )

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            (log_row() + ",1", "it has 13 columns instead of 12"),
            (log_row(address="0300000G"), "its address is not 8 hex digits"),
            (log_row(prev_val="0x000001"), "its prev_val is not 8 hex digits"),
            (log_row(curr_val="-0000001"), "its curr_val is negative"),
            (log_row(pc="1F8"), "its pc is not 8 hex digits"),
            (log_row(timestamp="now"), "its timestamp is not a whole number"),
            (log_row(number=-3), "its frame_set_id is negative"),
            (log_row(frame=-8), "its frame is negative"),
            (log_row(freq=1000), "its freq is more than 999"),
            (log_row(chunk_id=99999999999), "its chunk_id is too large"),
            (log_row(region="i/w"), "its region cannot be the name of a region"),
        ],
    )
    def test_each_odd_line_is_reported_with_file_line_and_reason(self, folder: Path, line: str, reason: str) -> None:
        rows = (folder / "event_log.csv").read_text().splitlines()
        write_log(folder / "odd.csv", [*rows, line])
        report = import_from(folder, "odd.csv")
        assert (report.frame_sets, report.rows, report.clean) == (3, 5, False)
        assert f"1 line left out: {reason} (odd.csv:6)" in list(report.lines())

    @pytest.mark.parametrize("end", ["\n", "\r\n"])
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
    def test_ends_of_lines_marks_and_quotes_make_no_difference(self, folder: Path, end: str, encoding: str) -> None:
        rows = (folder / "event_log.csv").read_text().splitlines()
        quoted = [",".join(f'"{cell}"' for cell in row.split(",")) for row in rows]
        (folder / "odd.csv").write_text(end.join(quoted), encoding=encoding, newline="")
        assert import_from(folder, "odd.csv").clean
        import_from(folder, name="even")
        for number in (1, 2, 3):
            assert (
                session(folder).folder.event(number).read_bytes()
                == session(folder, "even").folder.event(number).read_bytes()
            )

    def test_sets_out_of_order_come_in(self, folder: Path) -> None:
        write_log(folder / "odd.csv", [log_row(3, 20), log_row(1, 8), log_row(2, 14)])
        report = import_from(folder, "odd.csv")
        assert session(folder).frame_set_ids() == [1, 2, 3]
        assert session(folder).frame_set(2).flaws == (NO_SCREENSHOT, borrowed_flaw(1))
        assert "Frame sets are out of order in the log (odd.csv:2, odd.csv:3)" in list(report.lines())

    def test_a_png_that_is_none_is_reported_in_the_set(self, folder: Path) -> None:
        (folder / "snapshots" / "3.png").write_bytes(b"GIF89a")
        report = import_from(folder)
        assert session(folder).frame_set(3).flaws == ("the screenshot is not a readable PNG", borrowed_flaw(1))
        assert not report.clean
        screenshot = folder / "snapshots" / "3.png"
        assert f"1 file left out: the screenshot is not a readable PNG ({screenshot})" in list(report.lines())


class TestRefusals:
    def check(self, folder: Path, kind: type[GbatraceError], says: str, *logs: str, **options: Any) -> None:
        (folder / "data" / "before").mkdir(parents=True)
        before = everything(folder)
        with pytest.raises(kind, match=says):
            import_from(folder, *logs, cleanup=True, **options)
        assert everything(folder) == before
        assert [path.name for path in (folder / "data").iterdir()] == ["before"]

    def test_a_session_that_is_there(self, folder: Path) -> None:
        self.check(folder, SessionError, "There is a session before in", name="before")

    def test_a_name_that_is_none(self, folder: Path) -> None:
        self.check(folder, LayoutError, "cannot be a session's name", name="../run")

    def test_a_log_that_is_not_there(self, folder: Path) -> None:
        self.check(folder, LogError, r"nothing\.csv cannot be read", "nothing.csv")

    def test_a_folder_of_screenshots_that_is_not_there(self, folder: Path) -> None:
        self.check(folder, LogError, "There is no folder .*nowhere", snapshots=folder / "nowhere")

    def test_a_repeated_set(self, folder: Path) -> None:
        rows = (folder / "event_log.csv").read_text().splitlines()
        write_log(folder / "odd.csv", [*rows, rows[0]])
        self.check(folder, LogError, r"odd\.csv:6: frame set 1 begins again, it is at odd\.csv:1 already", "odd.csv")

    def test_a_log_without_a_row(self, folder: Path) -> None:
        write_log(folder / "odd.csv", ["a,b", "c,d"])
        self.check(folder, LogError, r"no line is a row of it\. Line 1: it has 2 columns instead of 12", "odd.csv")

    @pytest.mark.parametrize(
        ("config", "says"),
        [
            ("{", r"demo\.json is not JSON"),
            ('{"keys": {}}', r"demo\.json cannot be used\. `game` is missing"),
            ('{"game": "x", "keys": {"Y": "x"}}', r"demo\.json cannot be used\. `keys\.Y` is not a console button"),
        ],
    )
    def test_a_game_config_that_is_none(self, folder: Path, config: str, says: str) -> None:
        (folder / "demo.json").write_text(config)
        self.check(folder, ConfigError, says, game_config=folder / "demo.json")

    def test_a_game_config_that_is_not_there(self, folder: Path) -> None:
        self.check(folder, ConfigError, r"nothing\.json cannot be read", game_config=folder / "nothing.json")

    def test_a_disk_that_refuses(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(*_arguments: object) -> int:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "write", full)
        self.check(folder, StoreError, "is full")

    def test_ctrl_c(self, folder: Path) -> None:
        def interrupt(_more: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            import_log(ImportOptions(logs=[folder / "event_log.csv"], output=folder / "data"), interrupt)
        assert list((folder / "data").iterdir()) == []

    def test_impossible_options(self, folder: Path) -> None:
        log = folder / "event_log.csv"
        for options, says in (
            ({"logs": []}, "There is no log"),
            ({"logs": [log, folder / "." / "event_log.csv"]}, "named twice"),
            ({"logs": [log], "num_frames": 0}, "--num_frames must be 1 to 60"),
        ):
            with pytest.raises(SettingsError, match=says):
                ImportOptions(output=folder, **options)


def test_what_a_killed_import_left_is_in_nobodys_way(folder: Path) -> None:
    left = folder / "data" / ".making-run"
    left.mkdir(parents=True)
    (left / "1").mkdir()
    import_from(folder)
    assert [path.name for path in (folder / "data").iterdir()] == ["run"]


PEAK = """
import resource, sys
from pathlib import Path

def peak():
    status = Path("/proc/self/status")
    if status.exists():  # getrusage would count what the parent held when it forked
        return int(status.read_text().split("VmHWM:")[1].split()[0])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform == "darwin" else 1)

from daemon.importing.csv_import import ImportOptions, import_log
log = Path(sys.argv[1])
import_log(ImportOptions(logs=[log], output=log.parent / "data", session_name=log.stem), lambda more: None)
print(peak() // 1024)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="measures memory as POSIX does")
def test_memory_stays_flat(tmp_path: Path) -> None:
    def peak(sets: int) -> int:
        with (tmp_path / f"log{sets}.csv").open("w") as file:
            for number in range(sets):
                file.write(
                    "".join(f"{log_row(number, number, address=f'{0x0300_0000 + 4 * n:08X}')}\n" for n in range(300))
                )
        command = [sys.executable, "-c", PEAK, file.name]
        return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    short, long = peak(500), peak(1500)
    assert long < 200
    assert long < short + 24
