"""The demo game in a console: a real core's where there is one, else the tape's."""

import resources
from lua.headless.console_choice import open_console
from lua.headless.core import Core

__all__ = ["demo_console"]


def demo_console() -> Core:
    """Open the demo game, to be played with the tour's inputs from the start; a test needs nothing to be installed."""
    return open_console(resources.demo_rom(), None, resources.demo_tape(), lambda _line: None)
