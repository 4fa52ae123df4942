"""A session that is played again, from power-on and from savestates."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import resources
from daemon.analysis.session_history import RecordedSession, open_history
from daemon.analysis.value_types import VALUE_TYPES
from daemon.probing.cursor_probe import CursorProbe
from daemon.probing.played_session import PlayedSession
from daemon.probing.poke_probe import PokeTarget, copies_of, poke_moments
from daemon.probing.request import Verdict
from daemon.probing.savestates import SavestateCache
from daemon.processes.console_process import ConsoleProcess
from tests.fakes.demo_game import symbol_address


@pytest.fixture(scope="module")
def recorded(tour: Path) -> RecordedSession:
    """The tour."""
    return open_history(tour, "tour").now


@pytest.fixture(scope="module")
def console(recorded: RecordedSession) -> Iterator[ConsoleProcess]:
    """The demo game in a core."""
    regions = [(region.base, region.size) for region in recorded.history.regions]
    with ConsoleProcess(resources.demo_rom(), None, regions) as process:
        yield process


def test_memory_of_a_moment_is_as_recorded(recorded: RecordedSession, console: ConsoleProcess, tmp_path: Path) -> None:
    played = PlayedSession(recorded, console, SavestateCache(tmp_path, "tour"))
    state = played.state_at(300)
    (image,) = played.play(state, [], [0])
    assert image.tobytes() == recorded.history.memory_at(300).image.tobytes()
    frames = played.recorded_buttons(300, 25)
    (later,) = played.play(state, frames, [25])
    assert later.tobytes() == recorded.history.memory_at(305).image.tobytes()
    assert (played.forwarded, played.frames) == (1505, 25)


def test_a_later_moment_is_played_from_an_earlier_one(
    recorded: RecordedSession, console: ConsoleProcess, tmp_path: Path
) -> None:
    first = PlayedSession(recorded, console, SavestateCache(tmp_path, "tour"))
    first.state_at(60)
    first.state_at(80)
    assert first.forwarded == 81 * 5
    second = PlayedSession(recorded, console, SavestateCache(tmp_path, "tour"))
    assert second.state_at(80) == first.state_at(80)
    assert second.forwarded == 0


def test_a_long_way_is_kept_stretch_by_stretch(
    recorded: RecordedSession, console: ConsoleProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("daemon.probing.played_session._STRETCH", 100)
    cache = SavestateCache(tmp_path, "tour")
    save = cache.save

    def ended(frame: int, state: bytes) -> None:
        if frame > 350:
            raise KeyboardInterrupt
        save(frame, state)

    monkeypatch.setattr(cache, "save", ended)
    with pytest.raises(KeyboardInterrupt):
        PlayedSession(recorded, console, cache).state_at(80)
    assert max(cache.frames()) in range(300, 351)
    monkeypatch.setattr(cache, "save", save)
    second = PlayedSession(recorded, console, cache)
    second.state_at(80)
    assert second.forwarded == 405 - 1 - max(frame for frame in cache.frames() if frame < 404)


def test_a_write_goes_to_its_position(recorded: RecordedSession, console: ConsoleProcess, tmp_path: Path) -> None:
    played = PlayedSession(recorded, console, SavestateCache(tmp_path, "tour"))
    position = recorded.history.position_of(0x0203_0000)
    (image,) = played.play(played.state_at(10), [], [0], [(position, b"\x2a\x2b")])
    assert image[position : position + 2].tolist() == [0x2A, 0x2B]


def test_copies_have_the_values_of_a_variable_and_its_moments_come_before_a_change(recorded: RecordedSession) -> None:
    history = recorded.history
    hp = PokeTarget(history.position_of(symbol_address("party[0].hp")), VALUE_TYPES["u16"])
    copies = {history.address_of(copy.position) for copy in copies_of(history, hp)}
    assert symbol_address("battle.own_shown_hp") in copies
    assert symbol_address("party[0].max_hp") not in copies
    changes = history.timeline.places_at(history.values_of(hp.position, hp.type).time)
    for place in poke_moments(history, [hp], 3):
        assert np.isin(place + 3, changes)
    never = PokeTarget(history.position_of(0x0203_FF00), VALUE_TYPES["u8"])
    assert copies_of(history, never) == []


def test_a_cursor_is_poked_where_it_stepped(recorded: RecordedSession, console: ConsoleProcess, tmp_path: Path) -> None:
    played = PlayedSession(recorded, console, SavestateCache(tmp_path, "tour"))
    probe = CursorProbe(played)
    assert probe.try_at(54) == ("cursor",)
    (group,) = probe.groups()
    assert probe.is_done
    assert (group.candidates[0].address, group.candidates[0].moves["Down"]) == (symbol_address("keyboard_row"), 1)
    assert group.candidates[0].verdict is not Verdict.COPY
