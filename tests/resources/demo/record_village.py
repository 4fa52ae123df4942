"""Inputs of a walk through both houses and the shop, and of two fights, made by a player who watches the variables."""

from tests.resources.demo.console import DemoConsole
from tests.resources.demo.record_tour import Recorder, begin, fight, meet, shop

__all__ = ["record_village"]


def record_village(console: DemoConsole) -> tuple[str, int]:
    """Play; return the input file's text and the number of frames."""
    walk = Recorder(console)
    begin(walk)
    walk.walk("Left", 4)
    walk.walk("Up", 3)
    _enter(walk, "Up", "home")
    walk.walk("Up", 2)
    walk.wait(40)
    walk.walk("Down", 2)
    _enter(walk, "Down", "valley")
    walk.walk("Down", 3)
    walk.walk("Right", 3)
    shop(walk)
    walk.wait_for_scene("overworld")
    for direction, cells in (("Down", 1), ("Right", 9), ("Up", 1), ("Right", 3), ("Up", 3)):
        walk.walk(direction, cells)
    _enter(walk, "Up", "store")
    _enter(walk, "Down", "valley")
    for direction, cells in (("Down", 3), ("Left", 3), ("Down", 1), ("Left", 9), ("Up", 1), ("Left", 1)):
        walk.walk(direction, cells)
    walk.walk("Down", 4, running=False)
    for species in ("puddlet", "emberbun"):
        meet(walk, species)
        fight(walk, with_sparknut=False)
        walk.wait(90)
        if species == "puddlet":
            walk.wait_for_scene("overworld")
            walk.wait(60)
    return walk.text(), console.frames


def _enter(walk: Recorder, direction: str, place: str) -> None:
    """Go through a door, and stand there for a second."""
    walk.hold(direction, 30)
    walk.wait_for(lambda: walk.console.named("map") == place and walk.console.scene == "overworld")
    walk.wait(60)
