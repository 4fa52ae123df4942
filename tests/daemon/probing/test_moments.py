"""Moments that are chosen by what the recording shows."""

from itertools import pairwise

import numpy as np

from daemon.finding.axes import presses_of, score_axis
from daemon.probing.moments import axis_moments, button_moments, menu_moments, spread
from tests.fakes.walked_game import Walker, walked

CALM = [""] * 6
WALK = [*CALM, "Right", *CALM, "Down", *CALM, "Left", *CALM, "Up", *CALM]


class Locked(Walker):
    """A game that is not played for its first 200 frames, as during a title."""

    def run(self, held: str) -> None:
        super().run(held if self.frames >= 200 else "")


def test_a_moment_is_the_calm_before_a_press_that_was_answered() -> None:
    history = walked([*WALK, *WALK, *WALK, *WALK], walker=Locked())
    axes = [presses_of(history.timeline, *axis) for axis in (("Left", "Right"), ("Up", "Down"))]
    places = axis_moments(history, [(each, score_axis(history, each)) for each in axes], 8)
    assert places
    buttons = [*WALK, *WALK, *WALK, *WALK]
    for place in places:
        assert place >= 200 // 5 - 1
        assert not buttons[place]
        assert buttons[place + 1]


def test_moments_are_apart() -> None:
    history = walked(WALK * 8)
    axes = [presses_of(history.timeline, *axis) for axis in (("Left", "Right"), ("Up", "Down"))]
    places = sorted(axis_moments(history, [(each, score_axis(history, each)) for each in axes], 8))
    assert len(places) > 2
    assert all(later - earlier >= 24 for earlier, later in pairwise(places))


def test_without_an_answer_there_is_none_and_places_are_spread() -> None:
    history = walked(["A", ""] * 20)
    axes = [presses_of(history.timeline, *axis) for axis in (("Left", "Right"), ("Up", "Down"))]
    assert axis_moments(history, [(each, score_axis(history, each)) for each in axes], 8) == []
    assert spread(100, 4) == [12, 37, 62, 87]
    assert spread(1, 4) == [0]


def test_a_menu_is_where_a_press_changes_least() -> None:
    class Menu(Walker):
        """Walks after frame 150; before, only a cursor moves."""

        def run(self, held: str) -> None:
            if self.frames < 150:
                cursor = self.steps + ("Down" in held and self.last != held)
                super().run("")
                self.steps = cursor
            else:
                super().run(held)
            self.last = held

        last = ""

    buttons = [*CALM, "Down", *CALM, *CALM, *CALM, *CALM, "Down", *CALM, "Up", *CALM]
    history = walked(buttons, walker=Menu())
    places = menu_moments(history, presses_of(history.timeline, "Up", "Down"), 1)
    assert places == [5]


def test_a_button_is_probed_before_a_press_with_the_usual_answer() -> None:
    class Shooter(Walker):
        """A game that counts shots; the second one changes much else."""

        shots = 0
        before = ""

        def run(self, held: str) -> None:
            self.shots += held == "B" and self.before != "B"
            self.before = held
            super().run("")

        def words(self) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
            found = super().words()
            found[8] = self.shots
            if self.shots >= 2:
                found[9:] = 7
            return found

    buttons = [*CALM, "B", *CALM, "B", *CALM, "B", *CALM]
    history = walked(buttons, walker=Shooter())
    assert button_moments(history, "B", 1) == [len(CALM) - 1]
    assert button_moments(history, "L", 3) == []
