"""The demo game runs, and its variables are where the symbol list says."""

from collections.abc import Iterator

import pytest

import resources
from lua.headless.inputs import Inputs, RandomInputs, read_inputs
from tests.resources.demo.console import DemoConsole


@pytest.fixture
def console() -> Iterator[DemoConsole]:
    with DemoConsole() as running:
        yield running


def play(console: DemoConsole, inputs: Inputs, frames: int) -> set[str]:
    """Play, and give the scenes that were seen."""
    seen = set()
    for frame in range(frames):
        console.run_held(1, inputs.pressed(frame))
        seen.add(console.scene)
    return seen


def start_game(console: DemoConsole) -> None:
    console.run(60)
    for button in ("Start", "A", "Start", "Start"):
        console.run(4, button)
        console.run(70)
    console.run(60)
    assert console.scene == "overworld"


def test_it_starts_without_a_bios_and_counts_its_frames(console: DemoConsole) -> None:
    console.run(30)
    before = console.value("frame_counter")
    console.run(100)
    assert console.value("frame_counter") == before + 100
    assert console.scene == "start_menu"


def test_the_buttons_arrive(console: DemoConsole) -> None:
    console.run(30)
    console.run(2, "L+Select")
    assert console.value("keys_held") == 1 << 9 | 1 << 2
    console.run(2)
    assert console.value("keys_held") == 0


def test_the_player_walks_cell_by_cell(console: DemoConsole) -> None:
    start_game(console)
    column, x = console.value("player.column"), console.value("player.x")
    console.run(40, "Right")
    console.run(20)
    assert console.named("player.facing") == "right"
    assert console.value("player.column") == column + 3
    assert console.value("player.x") == x + 3 * 16


def test_the_camera_follows(console: DemoConsole) -> None:
    start_game(console)
    before = console.value("camera_x")
    console.run(24, "B+Right")
    assert console.value("camera_x") > before
    assert console.value("camera_x") == console.value("player.x") + 8 - 120


def test_nothing_but_the_buttons_decides(console: DemoConsole) -> None:
    inputs = RandomInputs(5)
    play(console, inputs, 2500)
    memory = console.memory()
    with DemoConsole() as again:
        play(again, inputs, 2500)
        assert again.memory() == memory


def test_a_new_scene_changes_thousands_of_words_and_a_quiet_one_few(console: DemoConsole) -> None:
    def changed_words(frames: int, combination: str = "None") -> int:
        before = memoryview(console.memory()).cast("I")
        console.run(frames, combination)
        after = memoryview(console.memory()).cast("I")
        return sum(old != new for old, new in zip(before, after, strict=True))

    start_game(console)
    console.run(120)
    assert 5 < changed_words(5) < 300
    console.run(4, "Start")
    console.run(2)
    console.run(4, "Up")
    console.run(2)
    console.run(4, "Up")
    assert changed_words(40, "A") > 3000
    assert console.scene == "start_menu"


def test_the_tour_visits_every_scene(console: DemoConsole) -> None:
    seen = play(console, read_inputs(resources.demo_tour()), resources.DEMO_FRAMES)
    assert seen == console.scenes, "record it again: python -m tests.resources.demo.record_tour"
    assert console.scene == "start_menu", "the tour ends where it began"


@pytest.mark.slow
@pytest.mark.parametrize("seed", [3, 8])
def test_a_player_at_random_never_gets_stuck(console: DemoConsole, seed: int) -> None:
    inputs, scene, since, longest = RandomInputs(seed), "", 0, 0
    for frame in range(12_000):
        console.run_held(1, inputs.pressed(frame))
        if console.scene != scene:
            scene, since = console.scene, frame
        longest = max(longest, frame - since)
    assert longest < 6000
    assert console.value("frame_counter") > 11_500
