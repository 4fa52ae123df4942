"""A player of the demo game who does all there is to do: fights, shops, talks, looks into menus, by seeded chance."""

from collections import deque
from collections.abc import Callable, Sequence
from random import Random

from protocol.console import GBA
from resources.demo.pack.maps import CellFlag
from tests.resources.demo.console import DemoConsole

__all__ = ["DemoPlayer"]

_STEPS = {"Left": (-1, 0), "Right": (1, 0), "Up": (0, -1), "Down": (0, 1)}
_STALL = (13, 15), "Up"
"""Cell before the merchant's stall, and where it is from there."""
_HOME_DOOR, _STORE_DOOR, _INNER_DOOR = (11, 11), (26, 11), (7, 9)
_BED_SIDE, _COUNTER_SIDE = ((9, 6), "Right"), ((7, 6), "Up")
_ELDER_SIDE = (21, 15), "Up"

Cell = tuple[int, int]


class DemoPlayer:
    """Somebody who plays until enough frames are over.

    Args:
        console: the demo game, switched on.
        seed: of the player's chance.
    """

    def __init__(self, console: DemoConsole, seed: int) -> None:
        self._console = console
        self._chance = Random(seed)

    def play(self, frames: int) -> None:
        """Play at least so many frames."""
        scenes: dict[str, Callable[[], None]] = {
            "start_menu": lambda: self._tap("Start", self._between(20, 90)),
            "main_menu": lambda: self._tap("A", 20),
            "player_keyboard_menu": self._type_a_name,
            "overworld": self._walk_about,
            "dialogue": self._listen,
            "shop": self._buy,
            "battle": self._fight,
            "pause_menu": self._pause,
            "inventory": self._look_into,
            "status_screen": self._look_into,
            "options_menu": self._look_into,
            "save_menu": self._look_into,
        }
        while self._console.frames < frames:
            scenes.get(self._console.scene, lambda: self._hold("None", 5))()

    # Buttons

    def _between(self, low: int, high: int) -> int:
        return self._chance.randint(low, high)

    def _hold(self, combination: str, frames: int) -> None:
        self._console.run_held(frames, 0 if combination == "None" else GBA.parse_combination(combination))

    def _tap(self, button: str, then_wait: int) -> None:
        self._hold(button, 4)
        self._hold("None", then_wait)

    # Scenes

    def _type_a_name(self) -> None:
        for _ in range(self._between(2, 5)):
            for _ in range(self._between(1, 3)):
                self._tap(self._chance.choice(["Right", "Down", "Right", "Left"]), 8)
            self._tap("A", 10)
        self._tap("Start", 20)

    def _listen(self) -> None:
        if self._console.value("page_full") or self._console.value("choosing"):
            self._hold("None", self._between(20, 70))
            self._tap(self._chance.choice("AAAB"), 8)
        else:
            self._hold("None", 4)

    def _buy(self) -> None:
        self._hold("None", self._between(15, 40))
        for _ in range(self._between(2, 7)):
            self._tap(self._chance.choice(["Down", "Down", "Up", "A", "A"]), self._between(14, 40))
        self._tap("B", 14)

    def _fight(self) -> None:
        if self._console.named("battle.phase") != "choose":
            self._hold("None", 2)
            return
        self._hold("None", self._between(10, 50))
        choice = self._chance.random()
        if choice < 0.7:
            self._tap("A", self._between(12, 30))
            if self._chance.random() < 0.6:
                self._tap("Right", 12)
            if self._chance.random() < 0.2:
                self._tap("Down", 12)
            self._tap("A", 8)
        elif choice < 0.84:
            self._tap("Right", 12)
            self._tap("A", 20)
            self._tap("A", 12)
            self._tap("B", 8)
        elif choice < 0.96:
            self._tap("Down", 12)
            self._tap("A", 8)
        else:
            self._tap("Down", 10)
            self._tap("Right", 10)
            self._tap("A", 8)

    def _pause(self) -> None:
        self._hold("None", self._between(15, 50))
        for _ in range(self._between(0, 3)):
            self._tap(self._chance.choice(["Down", "Down", "Up"]), self._between(10, 30))
        leaves = self._console.value("pause_cursor") >= 4  # To the title goes who loses heart; this player does not.
        self._tap("B" if leaves or self._chance.random() < 0.2 else "A", 16)

    def _look_into(self) -> None:
        self._hold("None", self._between(20, 90))
        for _ in range(self._between(0, 3)):
            self._tap(self._chance.choice(["Down", "Up", "Down", "A"]), self._between(12, 30))
        self._tap("B", 14)

    # On foot

    def _walk_about(self) -> None:
        if self._console.named("map") != "valley":
            self._stay_in_house()
            return
        doings: Sequence[tuple[float, Callable[[], None]]] = (
            (0.42, self._hunt),
            (0.16, lambda: self._visit(*_STALL)),
            (0.10, lambda: self._enter(self._chance.choice([_HOME_DOOR, _STORE_DOOR]))),
            (0.10, lambda: self._visit(*_ELDER_SIDE)),
            (0.12, lambda: self._tap("Start", 20)),
            (0.10, lambda: self._hold("None", self._between(60, 180))),
        )
        self._chance.choices([doing for _, doing in doings], [weight for weight, _ in doings])[0]()

    def _hunt(self) -> None:
        cells, columns = self._console.cells(), self._columns
        grass = [divmod(at, columns) for at, flags in enumerate(cells) if flags == CellFlag.TALL_GRASS]
        row, column = self._chance.choice(grass)
        if not self._go((column, row)):
            return
        for _ in range(40):
            if self._console.scene != "overworld" or self._console.value("startled_frames"):
                self._hold("None", 30)
                return
            self._step(self._chance.choice(list(_STEPS)), into=CellFlag.TALL_GRASS)

    def _stay_in_house(self) -> None:
        for _ in range(self._between(1, 4)):
            self._step(self._chance.choice(list(_STEPS)))
        if self._chance.random() < 0.5:
            self._visit(*(_BED_SIDE if self._console.named("map") == "home" else _COUNTER_SIDE))
        else:
            self._enter(_INNER_DOOR)

    def _visit(self, cell: Cell, direction: str) -> None:
        """Go to a cell, turn, and press A."""
        if self._go(cell):
            self._hold(direction, 4)
            self._hold("None", 6)
            self._tap("A", 10)

    def _enter(self, door: Cell) -> None:
        before = self._console.value("map")
        if self._go(door):
            for _ in range(60):
                self._hold("None", 2)
                if self._console.value("map") != before and self._console.scene == "overworld":
                    return

    @property
    def _columns(self) -> int:
        return self._console.value("stage_columns") // 2

    @property
    def _here(self) -> Cell:
        return self._console.value("player.column"), self._console.value("player.row")

    def _go(self, goal: Cell) -> bool:
        """Go to a cell; return whether the player stands there."""
        for _ in range(120):
            if self._console.scene != "overworld":
                return False
            if self._here == goal:
                return True
            way = self._way(goal)
            if way is None:
                return False
            self._step(way, running=True)
        return False

    def _step(self, direction: str, *, running: bool = False, into: int | None = None) -> None:
        """Go one cell, where nobody is in the way; only into a kind of cells where one is given."""
        column, row = self._here
        ahead = (row + _STEPS[direction][1]) * self._columns + column + _STEPS[direction][0]
        cells = self._console.cells()
        if into is not None and not (0 <= ahead < len(cells) and cells[ahead] == into):
            return
        for _ in range(24):
            if self._here != (column, row) or self._console.scene != "overworld":
                break
            self._hold(f"B+{direction}" if running else direction, 1)
        for _ in range(20):
            if not self._console.value("player.pixels_left") or self._console.scene != "overworld":
                break
            self._hold("B" if running else "None", 1)

    def _way(self, goal: Cell) -> str | None:
        """Find the first step of a shortest way."""
        cells, columns = self._console.cells(), self._columns
        people = {
            (self._console.value(f"people[{at}].column"), self._console.value(f"people[{at}].row"))
            for at in range(self._console.value("people_count"))
        }
        ways: dict[Cell, str] = {self._here: ""}
        queue = deque([self._here])
        while queue:
            column, row = here = queue.popleft()
            if here == goal:
                return ways[here]
            for direction, (right, down) in _STEPS.items():
                there = (column + right, row + down)
                at = there[1] * columns + there[0]
                if there in ways or there in people or not (0 <= there[0] < columns and 0 <= at < len(cells)):
                    continue
                if cells[at] & CellFlag.SOLID or (cells[at] & CellFlag.DOOR and there != goal):
                    continue
                ways[there] = ways[here] or direction
                queue.append(there)
        return None
