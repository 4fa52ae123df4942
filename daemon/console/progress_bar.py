"""A progress bar on standard error, where a person can see it. Shell."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from daemon.console.safe_console import SafeConsole

__all__ = ["progress_bar"]


@contextmanager
def progress_bar(what: str, total: int, *, shown: bool) -> Iterator[Callable[[int], None]]:
    """Show how far something is.

    Args:
        what: what it is, in a word or two.
        total: how much there is to do.
        shown: whether to show it; never where standard error is no terminal.

    Yields:
        To be told how much more is done.
    """
    console = SafeConsole(stderr=True, soft_wrap=False)
    columns = TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, transient=True, disable=not (shown and console.is_terminal)) as bar:
        task = bar.add_task(what, total=total)
        yield lambda more: bar.advance(task, more)
