"""Progress bar of a command, on standard error. Shell."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as RichProgress

from daemon.console.safe_console import SafeConsole
from daemon.progress import Progress

__all__ = ["progress_bar"]


@contextmanager
def progress_bar(task: str, total: int, *, shown: bool) -> Iterator[Progress]:
    """Show the progress of something.

    Args:
        task: a word or two.
        total: how much there is to do.
        shown: whether to show it; never where standard error is no terminal.

    Yields:
        Moves the bar on.
    """
    console = SafeConsole(stderr=True, soft_wrap=False)
    columns = TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn()
    with RichProgress(*columns, console=console, transient=True, disable=not (shown and console.is_terminal)) as bar:
        number = bar.add_task(task, total=total)
        yield lambda more: bar.advance(number, more)
