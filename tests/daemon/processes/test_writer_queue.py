"""Jobs on their way to the writer, until they are reported."""

from collections.abc import Callable

import pytest

from daemon.processes.writer_queue import MAX_DEATHS, MAX_KEPT, STALLED, StallNotice, WriterQueue
from daemon.writer.jobs import Abandon, Append, Claim, Close, Job, JobReader, Journal, Open, Unencoded, WriteMetadata
from protocol.errors import StoreError


def job(number: int, session: str = "a") -> Job:
    return WriteMetadata(session, b"%d" % number)


def line(number: int) -> Job:
    return Append("a", Journal.EVENTS, b"%d\n" % number)


class Book:
    """A queue, and the reports that came back."""

    def __init__(self) -> None:
        self.queue = WriterQueue()
        self.told: list[tuple[Job, str | None]] = []

    def add(self, *jobs: Job) -> None:
        for each in jobs:
            self.queue.add(each, self._teller(each))

    def give(self, count: int | None = None) -> list[tuple[Job, bool]]:
        """Return the jobs that a writer gets now, at most so many."""
        given: list[tuple[Job, bool]] = []
        while (count is None or len(given) < count) and (data := self.queue.next_bytes()) is not None:
            given += JobReader().receive_data(data)
        return given

    def report(self, *refusals: str) -> None:
        for refusal in refusals:
            done, error = self.queue.reported("a", refusal)
            done(error)

    def opened(self) -> "Book":
        self.add(Open("a", b""))
        self.give()
        self.report("")
        self.told.clear()
        return self

    def _teller(self, about: Job) -> Callable[[StoreError | None], None]:
        return lambda error: self.told.append((about, None if error is None else str(error)))


@pytest.fixture
def book() -> Book:
    """A session is open."""
    return Book().opened()


class TestOrder:
    def test_jobs_are_given_and_reported_in_order(self, book: Book) -> None:
        book.add(*map(job, range(5)))
        assert book.give() == [(job(number), False) for number in range(5)]
        book.report("", "", "The disk is full.", "", "")
        assert book.told == [(job(number), "The disk is full." if number == 2 else None) for number in range(5)]
        assert len(book.queue) == 0

    def test_of_two_sessions_one_may_be_reported_before_the_other(self, book: Book) -> None:
        book.add(job(0), job(1, "b"), job(2))
        book.give()
        done, error = book.queue.reported("b", "")
        done(error)
        book.report("", "")
        assert book.told == [(job(1, "b"), None), (job(0), None), (job(2), None)]

    def test_content_is_made_when_there_is_room_for_it_and_not_before(self) -> None:
        made: list[int] = []

        def encode(record: int) -> bytes:
            made.append(record)
            return b"%d" % record

        queue = WriterQueue()
        queue.add(WriteMetadata("a", Unencoded(7, encode)), lambda _error: None)
        assert (made, len(queue)) == ([], 1)
        data = queue.next_bytes()
        assert data is not None
        assert list(JobReader().receive_data(data)) == [(WriteMetadata("a", b"7"), False)]
        assert queue.next_bytes() is None

    def test_what_cannot_be_made_is_refused_in_its_turn(self, book: Book) -> None:
        def fail(_record: object) -> bytes:
            raise ZeroDivisionError("division by zero")

        book.add(job(0), failing := WriteMetadata("a", Unencoded(1, fail)))
        (_, (given, _)) = book.give()
        assert isinstance(given, Abandon)
        assert "its own fault: ZeroDivisionError('division by zero')" in given.reason
        book.report("", given.reason)
        assert book.told == [(job(0), None), (failing, given.reason)]


class TestAWriterThatDied:
    def test_another_holds_the_session_and_is_asked_again(self, book: Book) -> None:
        book.add(*map(job, range(4)))
        book.give(3)
        book.report("")
        assert book.queue.writer_died() is None
        assert book.give() == [(Claim("a"), False), (job(1), True), (job(2), True), (job(3), False)]
        book.report("", "", "", "")
        assert book.told == [(job(number), None) for number in range(4)]

    def test_however_often_it_dies_nothing_is_asked_twice_of_the_same_one(self, book: Book) -> None:
        book.add(job(0))
        for _ in range(MAX_DEATHS - 1):
            book.give()
            assert book.queue.writer_died() is None
        assert book.give() == [(Claim("a"), False), (job(0), True)]

    def test_a_job_over_which_several_died_is_given_up(self, book: Book) -> None:
        book.add(job(0), job(1))
        for _ in range(MAX_DEATHS):
            book.give()
            given_up = book.queue.writer_died()
        assert given_up is not None
        done, error = given_up
        done(error)
        assert book.told == [(job(0), f"The writer of the recording ended {MAX_DEATHS} times over it.")]
        assert book.give() == [(job(1), True)]

    def test_a_session_in_which_something_was_refused_is_not_gone_on_with(self, book: Book) -> None:
        book.add(job(0), job(1))
        book.give()
        book.report("The disk is full.")
        book.queue.writer_died()
        assert book.give() == [(job(1), True)]

    def test_a_session_that_is_being_opened_is_opened_again(self) -> None:
        book = Book()
        book.add(Open("a", b""))
        book.give()
        book.queue.writer_died()
        assert book.give() == [(Open("a", b""), True)]

    def test_a_session_that_was_closed_is_not_held(self, book: Book) -> None:
        book.add(Close("a"))
        book.give()
        book.report("")
        book.queue.writer_died()
        assert book.give() == []

    def test_a_session_that_another_daemon_took_is_not_held_any_more(self, book: Book) -> None:
        book.queue.writer_died()
        book.give()
        book.report("recorded by another gbatrace")
        book.queue.writer_died()
        assert book.give() == []


class TestLinesThatWereRefused:
    def test_they_are_written_when_the_session_goes_on(self, book: Book) -> None:
        book.add(line(0), line(1))
        book.give()
        book.report("The disk is full.", "The disk is full.")
        assert [error for _, error in book.told] == ["The disk is full."] * 2
        book.add(Open("a", b""))
        book.give()
        book.add(job(0))
        book.report("")
        assert book.give() == [(line(0), False), (line(1), False), (job(0), False)]

    def test_they_wait_while_the_disk_refuses_still(self, book: Book) -> None:
        book.add(line(0))
        book.give()
        book.report("The disk is full.")
        for refusal in ("The disk is full.", ""):
            book.add(Open("a", b""))
            book.give()
            book.report(refusal)
        assert book.give() == [(line(0), False)]

    def test_there_are_only_so_many(self, book: Book) -> None:
        book.add(*map(line, range(MAX_KEPT + 5)))
        book.give()
        book.report(*["The disk is full."] * (MAX_KEPT + 5))
        book.add(Open("a", b""))
        book.give()
        book.report("")
        assert len(book.give()) == MAX_KEPT

    def test_they_go_with_their_session(self, book: Book) -> None:
        book.add(line(0), Close("a"))
        book.give()
        book.report("The disk is full.", "")
        book.add(Open("a", b""))
        book.give()
        book.report("")
        assert book.give() == []


def test_a_stalled_disk_is_noticed_once_and_so_is_its_answer() -> None:
    notice = StallNotice()
    lines = [notice.observe(silence) for silence in (0.0, STALLED - 1, STALLED, STALLED + 1, 61.0, 0.0, 0.0)]
    assert lines == [
        None,
        None,
        "The disk has not answered for 5 s: recording waits for it.",
        None,
        None,
        "The disk answers again, after 61 s.",
        None,
    ]
