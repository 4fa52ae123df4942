"""Tables as they are read in a terminal."""

import io

from rich.console import Console

from daemon.managing.tables import SessionRow, session_facts, session_lines, statistics_tables
from protocol.console import GBA
from protocol.session.annotations import Annotations
from protocol.session.metadata import GapCount
from protocol.session.origin import Origin, Parent
from protocol.session.statistics import SessionStatistics, SetCounts
from tests.daemon.importing.made import frame_set, metadata, scan


def shown(*tables: object) -> str:
    console = Console(file=io.StringIO(), width=200)
    console.print(*tables, sep="\n")
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_sessions_are_listed_even_damaged_ones() -> None:
    rows = [
        SessionRow("evening", metadata("evening", range(3), lost=GapCount(flawed=2)), 3),
        SessionRow("cut", metadata("cut", [], ended=None, ended_by=None), 1200),
        SessionRow("original", metadata("original", [], ended=None, ended_by=None, recorder={}), 3),
        SessionRow("broken", None, 7),
    ]
    lines = [line.plain for row in rows for line in session_lines(row)]
    assert lines[::2] == ["evening", "cut", "original", "broken"]
    evening, cut, original, broken = lines[1::2]
    assert evening.startswith("  Demo, 20")
    assert evening.endswith(", 3 frame sets, 2 flawed, the script ended")
    assert cut.endswith(", 1,200 frame sets, open or cut off")
    assert original.endswith("made from a log")
    assert broken == "  damaged, 7 frame sets"


def test_a_branch_names_its_parent() -> None:
    origin = Origin("mGBA", has_savestate=True, frame=70, parent=Parent("evening", "0a1b", 13))
    branch = metadata("branch", range(3), recorder={"regions": [], "origin": origin.as_map()})
    row = SessionRow("branch", branch, 3)
    assert "3 frame sets, a branch off evening after frame set 13, " in session_lines(row)[1].plain
    assert row.as_map()["parent"] == {"session": "evening", "uuid": "0a1b", "frame_set": 13}
    assert "headless on mGBA, from a savestate at frame 70, a branch off evening" in shown(*session_facts(branch, 3))


def test_a_session_has_every_statistic() -> None:
    text = shown(*session_facts(metadata("evening", range(3), source_csv="log.csv"), 3))
    for part in ("evening", "Demo", "demo.json", "the script ended", "0 to 2", "log.csv", "rom hash", "ABAB"):
        assert part in text
    empty = shown(*session_facts(metadata("cut", [], ended=None, ended_by=None, game_name="", game_config=""), 0))
    for part in ("not known", "none", "open or cut off"):
        assert part in empty


def test_lists_and_regions_are_written_for_people() -> None:
    regions = [{"name": region.name, "base": region.base, "size": region.size} for region in GBA.regions]
    recorder = {"regions": regions, "buttons": ["A", "B"], "link_version": 1}
    lines = [line.plain for line in session_facts(metadata("evening", range(3), recorder=recorder), 3)]
    assert "regions        iwram 03000000, 32 KiB; ewram 02000000, 256 KiB" in lines
    assert "buttons        A, B" in lines
    assert "link version   1" in lines


def test_statistics_are_shares_and_counts() -> None:
    counted = SessionStatistics()
    first = frame_set(0, [scan("iwram", 0, [0x0300_0000, 0x0300_0004])], keys="A")
    counted.add(SetCounts.of(first), Annotations(context="battle"))
    counted.add(SetCounts.of(frame_set(1, [scan("iwram", 5, [0x0300_0004])])), None)
    text = shown(*statistics_tables(counted, [("iwram", 0x0300_0004, 2)], {}))
    assert "50.0%" in text
    lines = [line.split() for line in text.splitlines()]
    assert ["iwram", "3", "1.5"] in lines
    assert ["battle", "1", "50.0%"] in lines
    assert ["A", "5", "50.0%"] in lines
    assert ["03000004", "iwram", "2"] in lines
    text = shown(*statistics_tables(counted, [("iwram", 0x0300_0004, 2)], {0x0300_0004: "hp, [max] hp"}))
    assert ["03000004", "iwram", "2", "hp,", "[max]", "hp"] in [line.split() for line in text.splitlines()]
