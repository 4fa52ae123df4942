"""Jobs that wait because another program holds a file of their session."""

from daemon.writer.held_jobs import HeldJobs
from daemon.writer.jobs import Abandon, Close, Job, Sync, WriteMetadata
from protocol.errors import FileHeldError
from protocol.held_files import HOLD_PATIENCE


class Scene:
    """Jobs, sessions of which some are held, and the jobs done and reported."""

    def __init__(self) -> None:
        self.held: set[str] = set()
        self.done: list[tuple[Job, bool]] = []
        self.told: list[tuple[str, str]] = []
        self.now = 100.0
        self.jobs = HeldJobs(self._perform)

    def take(self, *jobs: Job) -> None:
        for job in jobs:
            self.told += self.jobs.take(job, self.now)

    def wait(self) -> None:
        due = self.jobs.next_due()
        assert due is not None
        self.now = due
        self.told += self.jobs.retry(self.now)

    def _perform(self, job: Job, again: bool) -> str:
        if isinstance(job, Abandon):
            return job.reason
        if job.session in self.held:
            raise FileHeldError("Somebody holds it.")
        self.done.append((job, again))
        return ""


def job(session: str, number: int) -> Job:
    return WriteMetadata(session, b"%d" % number)


def test_what_is_not_held_is_done_at_once() -> None:
    scene = Scene()
    scene.take(job("a", 0), Sync())
    assert scene.told == [("a", ""), ("", "")]
    assert scene.jobs.next_due() is None


def test_a_held_session_waits_and_the_others_do_not() -> None:
    scene = Scene()
    scene.held.add("a")
    scene.take(job("a", 0), job("b", 0), job("a", 1), Close("a"), job("b", 1))
    assert scene.done == [(job("b", 0), False), (job("b", 1), False)]
    scene.wait()
    scene.held.clear()
    scene.wait()
    assert scene.done[2:] == [(job("a", 0), True), (job("a", 1), False), (Close("a"), False)]
    assert scene.told == [("b", ""), ("b", ""), ("a", ""), ("a", ""), ("a", "")]
    assert scene.jobs.next_due() is None


def test_nothing_is_tried_before_it_is_due() -> None:
    scene = Scene()
    scene.held.add("a")
    scene.take(job("a", 0))
    scene.held.clear()
    assert list(scene.jobs.retry(scene.now)) == []
    scene.wait()
    assert scene.told == [("a", "")]


def test_patience_has_an_end_and_begins_anew_with_the_next_job() -> None:
    scene = Scene()
    scene.held.add("a")
    scene.take(job("a", 0), job("a", 1))
    while not scene.told:
        scene.wait()
    assert scene.now - 100 <= HOLD_PATIENCE + 0.001
    assert scene.told == [("a", "Somebody holds it.")]
    scene.held.clear()
    scene.wait()
    assert scene.done == [(job("a", 1), True)]
