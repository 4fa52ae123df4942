"""The index of a session against the console's memory: any moment, any type, any offset, whatever happened."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from daemon.analysis.history import History
from daemon.analysis.session_history import open_history
from daemon.analysis.value_types import VALUE_TYPES
from lua.headless.emulator import Emulator
from protocol.session.layout import SessionFolder
from resources import event_logger
from tests.integration.memory_truth import MemoryTruth
from tests.integration.noisy_core import noisy_core
from tests.integration.running_daemon import running_daemon

GAP = (70, 72)
"""Frame sets that are taken out of the session, first and last."""


def play(data: Path, mode: str) -> tuple[Path, MemoryTruth]:
    """Record a session in which states are loaded, in the middle of sets too, and the console is reset."""
    truth = MemoryTruth(mode)
    with running_daemon(data) as endpoints:
        emulator = Emulator(
            noisy_core(7), link=("127.0.0.1", endpoints.link_port), userdata={"scan_mode": mode, "spool_size": 0}
        )
        emulator.observers.append(truth.observe)
        try:
            emulator.start_script(event_logger())
            emulator.run_frames(63)
            state = emulator.save_state()
            for frames in (52, 31, 94):
                emulator.run_frames(frames)
                emulator.load_state(state)
                truth.observe(emulator)
            emulator.run_frames(57)
            emulator.reboot()
            truth.observe(emulator)
            emulator.run_frames(150)
            emulator.stop_script()
        finally:
            emulator.close()
    return data / next(data.glob("*/session_metadata.json")).parent.name, truth


@pytest.fixture(scope="module", params=["chunked", "atomic", "full"])
def recorded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[int, bytes]]:
    """A session, and memory after each of its sets."""
    session, truth = play(tmp_path_factory.mktemp("data"), request.param)
    memory = truth.after_each_set(session)
    assert len(memory) > GAP[1] + 5
    return session, memory


@pytest.fixture(params=["as recorded", "from folders", "with a gap"])
def session(recorded: tuple[Path, dict[int, bytes]], request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    copy = tmp_path / recorded[0].name
    shutil.copytree(recorded[0], copy)
    if request.param != "as recorded":
        SessionFolder(copy).change_log.unlink(missing_ok=True)
    if request.param == "with a gap":
        for number in range(GAP[0], GAP[1] + 1):
            shutil.rmtree(copy / str(number))
    return copy


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_memory_and_values_of_any_moment_are_those_of_the_console(
    session: Path, recorded: tuple[Path, dict[int, bytes]]
) -> None:
    truth = recorded[1]
    history = open_history(session.parent, session.name).history
    numbers = history.timeline.numbers.tolist()
    has_gap = GAP[0] not in numbers
    assert set(numbers) == set(truth) - (set(range(GAP[0], GAP[1] + 1)) if has_gap else set())
    known = {number: history.memory_at(number).known for number in numbers}
    for number in numbers:
        seen = history.memory_at(number)
        expected = np.frombuffer(truth[number], np.uint8)
        assert np.array_equal(seen.image[seen.known], expected[seen.known]), number
        assert not seen.image[~seen.known].any()
    after_gap = [number for number in numbers if number > GAP[1]]
    if has_gap:
        assert not known[after_gap[0]].all()
        assert known[after_gap[0]].any(), "what changed is known again"
    else:
        assert sum(bool(known[number].all()) for number in numbers) > 0.9 * len(numbers)
    compare_values(history, truth)


def compare_values(history: History, truth: dict[int, bytes]) -> None:
    """Compare values over time and typed views, of words that change often and of any, in all types."""
    chance = np.random.default_rng(3)
    numbers = history.timeline.numbers.tolist()
    moments = {number: history.memory_at(number) for number in [numbers[0], *chance.choice(numbers, 12), numbers[-1]]}
    for kind in VALUE_TYPES.values():
        fits = history.fits(kind.width)
        hot, cold = chance.integers(0, 256, 8), chance.integers(0, len(fits), 4)
        offsets = [int(offset) for offset in (*hot, *(hot + 0x8000), *cold) if fits[offset]]
        steps = {offset: history.values_of(offset, kind) for offset in offsets}
        for number, seen in moments.items():
            view, known = kind.view(seen.image), seen.known_values(kind.width)
            end = history.timeline.end_of_number(number)
            for offset in offsets:
                place = int(np.searchsorted(steps[offset].time, end, "right")) - 1
                value = steps[offset].numbers()[place] if place >= 0 else None
                expected = kind.read(truth[number][offset : offset + kind.width]) if known[offset] else None
                assert value == expected, (kind.name, history.address_of(offset), number)
                if expected is not None:
                    assert view.values[offset] == expected
                    assert view.valid is None or view.valid[offset]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_changes_are_counted_as_they_stand_in_the_folders(session: Path) -> None:
    history = open_history(session.parent, session.name).history
    timeline = history.timeline
    chance = np.random.default_rng(4)
    total = 0
    for _ in range(6):
        first, last = sorted(chance.integers(0, len(timeline), 2).tolist())
        counts = np.zeros(history.size, np.int64)
        for number in timeline.numbers[first + 1 : last + 1].tolist():
            for change in json.loads((session / str(number) / "event.json").read_bytes())["memory_changes"]:
                position = history.position_of(int(change["address"], 16))
                moved = int(change["prev_val"], 16) ^ int(change["curr_val"], 16)
                counts[position : position + 4] += [bool(moved >> 8 * byte & 0xFF) for byte in range(4)]
        stretch = timeline.end_of(first), timeline.end_of(last)
        assert np.array_equal(history.change_counts(*stretch).of(1), counts)
        assert np.array_equal(history.changed(*stretch), counts > 0)
        total += int(counts.sum())
    assert total > 10_000, "the game hardly moved: the test compared next to nothing"


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_an_index_that_grew_with_its_session_is_that_of_the_whole(
    recorded: tuple[Path, dict[int, bytes]], tmp_path: Path
) -> None:
    session, _ = recorded
    copy, aside = tmp_path / session.name, tmp_path / "aside"
    shutil.copytree(session, copy)
    SessionFolder(copy).change_log.unlink(missing_ok=True)
    numbers = sorted(int(path.name) for path in copy.iterdir() if path.name.isdigit())
    aside.mkdir()
    for number in numbers[20:]:
        (copy / str(number)).rename(aside / str(number))
    opened = open_history(tmp_path, session.name)
    for number in numbers[20:]:
        (aside / str(number)).rename(copy / str(number))
        if number % 3 == 0:
            opened.refresh()
    opened.refresh()
    whole = open_history(session.parent, session.name).history
    assert opened.history.timeline.numbers.tolist() == whole.timeline.numbers.tolist()
    for number in numbers[::7]:
        one, other = opened.history.memory_at(number), whole.memory_at(number)
        assert np.array_equal(one.known, other.known)
        assert np.array_equal(one.image, other.image)
