"""Probes and pokes of the demo game in a real core."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import resources
from daemon.analysis.session_history import open_history
from daemon.names.book import NameBook
from daemon.names.book_files import session_book
from daemon.names.named_address import Status
from daemon.probing.axis_probe import BUDGET
from daemon.probing.request import ProbedCandidate, ProbeKind, ProbeRequest, ProbeResult, Verdict
from daemon.probing.service import probe, probe_recorded
from protocol.errors import AnalysisError, CoreError, MomentError, NamesError, RomError
from protocol.session.reader import stored_session
from tests.fakes.demo_game import symbol_address


def ask(data: Path, kind: ProbeKind, *targets: str, at: int | None = None, **more: str) -> ProbeResult:
    return probe(data, ProbeRequest(session="tour", kind=kind, targets=targets, at=at, **more))


def by_address(result: ProbeResult) -> dict[int, ProbedCandidate]:
    return {candidate.address: candidate for group in result.groups for candidate in group.candidates}


def test_x_and_y_are_found_first_and_nobody_names_a_moment(tour: Path) -> None:
    result = ask(tour, ProbeKind.AXIS)
    x, y = (group.candidates[0] for group in result.groups)
    assert [group.name for group in result.groups] == ["Left/Right", "Up/Down"]
    assert (x.address, y.address) == (symbol_address("player.x"), symbol_address("player.y"))
    assert (x.verdict, y.verdict) == (Verdict.SOURCE, Verdict.SOURCE)
    assert result.frames <= BUDGET == 100
    assert by_address(result)[symbol_address("camera_x")].verdict is Verdict.COPY


def test_a_second_probe_plays_nothing_to_get_there(tour: Path) -> None:
    first, second = ask(tour, ProbeKind.AXIS), ask(tour, ProbeKind.AXIS)
    assert second.forwarded == 0
    assert second.groups == first.groups


def test_hit_points_are_told_from_what_the_picture_shows(tour: Path) -> None:
    result = ask(tour, ProbeKind.POKE, "party[0].hp")
    found = by_address(result)
    first = result.groups[0].candidates[0]
    assert first.address == symbol_address("party[0].hp")
    assert first.verdict is Verdict.SOURCE
    assert found[symbol_address("battle.own_shown_hp")].verdict is Verdict.COPY
    assert sum(moment.frames for moment in result.moments) == result.frames


@pytest.mark.parametrize(
    ("copy", "source"), [("battle.own_shown_hp", "party[0].hp"), ("battle.foe_shown_hp", "battle.foe.hp")]
)
def test_who_pokes_a_copy_is_led_to_its_source(tour: Path, copy: str, source: str) -> None:
    result = ask(tour, ProbeKind.POKE, copy)
    first, second = result.groups[0].candidates[:2]
    assert (first.address, first.verdict) == (symbol_address(source), Verdict.SOURCE)
    assert (second.address, second.verdict) == (symbol_address(copy), Verdict.COPY)


def test_variables_that_are_no_copies_keep_the_order_of_the_request(tour: Path) -> None:
    names = ("money", "party[0].hp", "party[0].level")
    result = ask(tour, ProbeKind.POKE, *names)
    assert [each.address for each in result.groups[0].candidates] == [symbol_address(name) for name in names]


def test_the_order_of_the_targets_does_not_decide(tour: Path) -> None:
    copy, source = (f"0x{symbol_address(name):08X}:u16" for name in ("battle.own_shown_hp", "party[0].hp"))
    result = ask(tour, ProbeKind.POKE, copy, source)
    assert [each.verdict for each in result.groups[0].candidates] == [Verdict.SOURCE, Verdict.COPY]


def test_the_cursor_of_a_menu_is_found(tour: Path) -> None:
    result = ask(tour, ProbeKind.CURSOR)
    (group,) = result.groups
    cursors = {
        symbol_address(name)
        for name in ("title_cursor", "keyboard_row", "pause_cursor", "bag_cursor", "shop_cursor", "options_cursor")
    }
    assert group.candidates[0].address in cursors


def test_a_poke_confirms_a_name_with_its_evidence(tour: Path) -> None:
    result = ask(tour, ProbeKind.POKE, f"0x{symbol_address('party[0].hp'):08X}:u16", name="my_hp", who="Ada")
    entry = session_book(tour, stored_session(tour, "tour")).get("my_hp")
    assert result.named == "my_hp"
    assert (entry.address, entry.type, entry.who) == (symbol_address("party[0].hp"), "u16", "Ada")
    assert entry.status is Status.CONFIRMED
    assert entry.evidence[0].startswith("poked in tour at frame set")


def test_a_copy_gets_no_name(tour: Path) -> None:
    result = ask(tour, ProbeKind.POKE, f"0x{symbol_address('camera_x'):08X}:s16", at=280, name="my_camera")
    assert {each.verdict for each in result.groups[0].candidates} == {Verdict.COPY}
    assert result.named == ""
    assert result.notes[-1].startswith("my_camera was not given")
    assert session_book(tour, stored_session(tour, "tour")).find("my_camera") is None


def test_what_cannot_be_asked_is_refused(tour: Path, tmp_path: Path) -> None:
    with pytest.raises(MomentError, match="no frame set 99999"):
        ask(tour, ProbeKind.AXIS, at=99_999)
    with pytest.raises(NamesError, match="neither a name"):
        ask(tour, ProbeKind.POKE, "no such name")
    with pytest.raises(AnalysisError, match="Name a variable"):
        ask(tour, ProbeKind.POKE)
    with pytest.raises(CoreError, match="no libretro core at"):
        ask(tour, ProbeKind.AXIS, core=str(tmp_path / "missing.so"))
    with pytest.raises(RomError, match="is not the game of tour"):
        ask(tour, ProbeKind.AXIS, rom=str(resources.demo_symbols()))


def test_a_game_that_goes_another_way_is_noticed(tour: Path, tmp_path: Path) -> None:
    recorded = open_history(tour, "tour").now
    timeline = recorded.history.timeline
    recorded.history.timeline = replace(timeline, keys=np.zeros_like(timeline.keys))
    book, request = NameBook(), ProbeRequest(session="tour", kind=ProbeKind.AXIS, at=600)
    with pytest.raises(MomentError, match=r"has other memory than was recorded .* Choose an earlier moment"):
        probe_recorded(tmp_path, recorded, book, resources.demo_rom(), request)
