"""Plays the demo game through and writes down the inputs: `python -m tests.resources.demo.record_tour`.

To be run again when the game has changed. The player here watches the game's own variables; what it writes down does
not, so the tour works only with the cartridge it was recorded with.
"""

from collections.abc import Callable
from itertools import count

import resources
from protocol.console import GBA
from tests.resources.demo.console import DemoConsole

__all__ = ["Recorder", "begin", "fight", "meet", "record", "shop"]

HEAD = """\
# A tour of every scene of Fernlight, in about 90 seconds; recorded by tests/resources/demo/record_tour.py.
#
# Each line is "<frame> <combination>": from this frame on, counted from 0 at reset, exactly these buttons are held.
# A combination joins A B Select Start Right Left Up Down R L with "+"; "None" is no button. "#" starts a comment.
"""

COMPANION = "FERN"
PATIENCE = 3000
"""Frames after which something that should happen will not happen any more."""


class Recorder:
    """Presses buttons on a console and remembers them."""

    def __init__(self, console: DemoConsole) -> None:
        self.console = console
        self._changes: list[tuple[int, str]] = []

    def hold(self, combination: str, frames: int) -> None:
        """Hold buttons for some frames."""
        if combination != (self._changes[-1][1] if self._changes else "None"):
            self._changes.append((self.console.frames, combination))
        self.console.run_held(frames, GBA.parse_combination(combination))

    def wait(self, frames: int) -> None:
        """Press nothing for some frames."""
        self.hold("None", frames)

    def tap(self, button: str, then_wait: int) -> None:
        """Press one button shortly."""
        self.hold(button, 4)
        self.wait(then_wait)

    def wait_for(self, happened: Callable[[], bool]) -> None:
        """Press nothing until something has happened."""
        for _ in range(PATIENCE):
            if happened():
                return
            self.wait(1)
        raise TimeoutError(f"frame {self.console.frames}: nothing happens any more in {self.console.scene}")

    def wait_for_scene(self, scene: str) -> None:
        """Press nothing until a scene has come."""
        self.wait_for(lambda: self.console.scene == scene)

    def walk(self, direction: str, cells: int, *, running: bool = True) -> None:
        """Walk until the player stands `cells` farther on, or something else happens."""
        axis, step = {"Left": ("column", -1), "Right": ("column", 1), "Up": ("row", -1), "Down": ("row", 1)}[direction]
        target = self.console.value(f"player.{axis}") + step * cells
        for _ in range(PATIENCE):
            if self.console.scene != "overworld":
                return
            there = self.console.value(f"player.{axis}") == target
            left = self.console.value("player.pixels_left")
            if there and left == 0:
                return
            self.hold("None" if there and left <= 2 else f"B+{direction}" if running else direction, 1)
        raise TimeoutError(f"frame {self.console.frames}: somebody is in the way")

    def listen(self) -> None:
        """Read a dialogue, at a reader's pace."""
        while self.console.scene == "dialogue":
            if self.console.value("page_full"):
                self.wait(24)
                self.tap("A", 6)
            else:
                self.wait(1)

    def attempt(self, way: Callable[[int], bool]) -> None:
        """Try `way(0)`, `way(1)` … from here until one succeeds; only that one is remembered."""
        state, frames, changes = self.console.save_state(), self.console.frames, list(self._changes)
        for number in count():
            if way(number):
                return
            self.console.load_state(state, frames)
            self._changes = list(changes)

    def text(self) -> str:
        """The input file."""
        return HEAD + "".join(f"{frame} {combination}\n" for frame, combination in self._changes)


def record(console: DemoConsole) -> str:
    """Play the tour; return the input file's text."""
    tour = Recorder(console)
    begin(tour)
    _visit_the_village(tour)
    _look_through_the_menus(tour)
    tour.walk("Left", 1)
    tour.walk("Down", 4, running=False)
    meet(tour, "puddlet")
    fight(tour, with_sparknut=False)
    tour.wait_for_scene("overworld")
    tour.wait(20)
    meet(tour, "emberbun")
    fight(tour, with_sparknut=True)
    tour.wait_for_scene("ending_cutscene")
    tour.wait_for_scene("start_menu")
    tour.wait(30)
    return tour.text()


def begin(tour: Recorder) -> None:
    """Start a new game, name the companion, and come to the valley."""
    tour.wait(120)
    tour.tap("Start", 36)
    tour.tap("A", 4)
    tour.wait_for_scene("player_keyboard_menu")
    tour.wait(16)
    for letter in COMPANION:
        row, column = divmod(ord(letter) - ord("A"), 9)
        for axis, wanted, back, forth in (("row", row, "Up", "Down"), ("column", column, "Left", "Right")):
            while (here := tour.console.value(f"keyboard_{axis}")) != wanted:
                tour.tap(forth if here < wanted else back, 4)
        tour.tap("A", 5)
    tour.wait(16)
    tour.tap("Start", 2)
    tour.wait_for_scene("overworld")
    tour.wait(40)


def _visit_the_village(tour: Recorder) -> None:
    tour.walk("Down", 1, running=False)
    tour.walk("Right", 6, running=False)
    tour.hold("Up", 4)
    tour.wait(6)
    tour.tap("A", 8)
    tour.listen()
    tour.wait(16)
    tour.walk("Left", 7)
    tour.walk("Up", 1)
    shop(tour)
    tour.wait(10)


def shop(tour: Recorder) -> None:
    """Buy the first two things at the stall, from the cell below it."""
    tour.hold("Up", 4)
    tour.wait(4)
    tour.tap("A", 8)
    tour.listen()
    tour.wait_for_scene("shop")
    tour.wait(30)
    tour.tap("A", 24)
    tour.tap("Down", 16)
    tour.tap("A", 24)
    tour.tap("B", 10)


def _look_through_the_menus(tour: Recorder) -> None:
    tour.tap("Start", 24)
    tour.tap("A", 40)
    tour.tap("B", 14)
    tour.tap("Down", 10)
    tour.tap("A", 60)
    tour.tap("B", 14)
    tour.tap("Down", 10)
    tour.tap("A", 20)
    tour.tap("Down", 10)
    for direction in ("Right", "Right", "Right"):
        tour.tap(direction, 14)
    tour.tap("B", 14)
    tour.tap("Down", 10)
    tour.tap("A", 20)
    tour.tap("A", 36)
    tour.tap("A", 12)
    tour.tap("B", 10)
    tour.wait_for_scene("overworld")


def meet(tour: Recorder, species: str) -> None:
    """Walk to and fro in the tall grass until this creature jumps out, within a few steps."""

    def hunt(delay: int) -> bool:
        tour.wait(1 + delay)
        for step in range(9):
            tour.walk("Right" if step % 2 else "Left", 1, running=False)
            if tour.console.value("startled_frames"):
                tour.wait_for_scene("battle")
                return tour.console.named("battle.foe.species") == species
        return False

    tour.attempt(hunt)


def fight(tour: Recorder, *, with_sparknut: bool) -> None:
    """Win with Leaf Flurry, the second move of the list; once with a sparknut, the second thing in the bag."""
    rounds = 0
    while tour.console.scene == "battle":
        if tour.console.named("battle.phase") != "choose":
            tour.wait(1)
            continue
        rounds += 1
        tour.wait(12)
        if with_sparknut and rounds == 2:
            tour.tap("Right", 10)
        tour.tap("A", 14)
        tour.tap("Right", 10)
        tour.tap("A", 4)


def main() -> None:
    """Record the tour into its place."""
    with DemoConsole() as console:
        text = record(console)
    resources.demo_tour().write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
