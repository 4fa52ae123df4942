"""A thread with a bounded queue in front of the console."""

import threading

from daemon.console.console_thread import MOST_WAITING, ConsoleThread


class Shown:
    """A console that notes its lines, and waits while it takes none."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.takes = threading.Event()
        self.begun = threading.Event()

    def line(self, text: str) -> None:
        self.begun.set()
        self.takes.wait()
        self.lines.append(text)

    def thread(self) -> ConsoleThread:
        return ConsoleThread(lambda count: self.lines.append(f"{count} dropped"))


def test_things_are_shown_in_their_order() -> None:
    shown = Shown()
    shown.takes.set()
    thread = shown.thread()
    thread.put(lambda: shown.line("before the start"))
    thread.start()
    for number in range(100):
        thread.put(lambda number=number: shown.line(str(number)))  # type: ignore[misc]
    thread.close(30)
    assert shown.lines == ["before the start", *map(str, range(100))]


def test_what_fails_to_be_shown_hinders_nothing() -> None:
    shown = Shown()
    shown.takes.set()
    thread = shown.thread()
    thread.start()

    def fail() -> None:
        raise SystemExit(1)  # Rich's answer to a closed pipe.

    thread.put(fail)
    thread.put(lambda: shown.line("next"))
    thread.close(30)
    assert shown.lines == ["next"]


def test_more_than_may_wait_is_dropped_and_counted() -> None:
    shown = Shown()
    thread = shown.thread()
    thread.start()
    thread.put(lambda: shown.line("first"))
    shown.begun.wait()
    for _ in range(MOST_WAITING + 7):
        thread.put(lambda: shown.line("more"))
    shown.takes.set()
    thread.close(30)
    dropped = sum(int(line.split()[0]) for line in shown.lines if "dropped" in line)
    assert dropped in {7, 8}  # One more where the end had to be put in line.
    assert shown.lines.count("more") + dropped == MOST_WAITING + 7


def test_what_is_soon_out_of_date_is_not_shown_late() -> None:
    shown = Shown()
    thread = shown.thread()
    thread.start()
    thread.put(lambda: shown.line("first"))
    shown.begun.wait()
    thread.offer(lambda: shown.line("an old status"))
    thread.put(lambda: shown.line("second"))
    thread.offer(lambda: shown.line("the status"))
    shown.takes.set()
    thread.close(30)
    assert shown.lines == ["first", "the status", "second"]


def test_the_end_does_not_wait_for_ever() -> None:
    shown = Shown()
    thread = shown.thread()
    thread.start()
    for _ in range(2 * MOST_WAITING):
        thread.put(lambda: shown.line("never"))
    thread.close(0.01)
    shown.takes.set()
