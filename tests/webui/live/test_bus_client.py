from collections.abc import Callable, Iterator
from pathlib import Path

import gevent
import pytest

from protocol.bus.messages import Topic
from tests.fakes.bus_daemon import FakeDaemon
from webui.errors import BusError
from webui.live.bus_client import BusClient
from webui.live.live_state import Daemon, DaemonChanged, LiveState, Published, Resynchronised, Update


class Listener:
    """A bus client and what it reported."""

    def __init__(self, daemon: FakeDaemon) -> None:
        self.live = LiveState(now=0)
        self.updates: list[Update] = []
        self.client = BusClient(daemon.bus_pub, daemon.bus_router, self.live, self.updates.append)

    def sets(self) -> list[int]:
        return [
            update.publication.body["frame_set"]["frame_set_id"]
            for update in self.updates
            if isinstance(update, Published) and update.publication.topic == Topic.SET
        ]

    def wait(self, reached: Callable[[], bool]) -> None:
        with gevent.Timeout(10):
            while not reached():
                gevent.sleep(0.01)


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[FakeDaemon]:
    with FakeDaemon(tmp_path) as daemon:
        yield daemon


@pytest.fixture
def listener(daemon: FakeDaemon) -> Iterator[Listener]:
    listener = Listener(daemon)
    listener.client.start()
    listener.wait(lambda: listener.live.daemon is Daemon.UP)
    yield listener
    listener.client.stop()


def test_asks_for_the_state_and_then_hears_what_is_new(daemon: FakeDaemon, listener: Listener) -> None:
    assert listener.updates == [Resynchronised()]
    assert listener.live.link["port"] == 9999
    session = daemon.open_session("meadow")
    session.play(3)
    listener.wait(lambda: listener.sets() == [0, 1, 2])
    assert listener.live.sessions["meadow"]["frame_sets"] == 3
    assert daemon.asked == ["state"]


def test_a_lost_publication_is_noticed_and_the_state_asked_for_again(daemon: FakeDaemon, listener: Listener) -> None:
    session = daemon.open_session("meadow")
    session.play(1)
    listener.wait(lambda: listener.sets() == [0])
    daemon.lose()
    session.play(2)
    listener.wait(lambda: listener.updates.count(Resynchronised()) == 2)
    session.play(1)
    listener.wait(lambda: listener.sets()[-1] == 3)
    assert listener.live.sessions["meadow"]["frame_sets"] == 4


def test_a_daemon_that_restarts_is_lost_and_found_again(daemon: FakeDaemon, listener: Listener) -> None:
    daemon.open_session("meadow").play(5)
    listener.wait(lambda: len(listener.sets()) == 5)
    daemon.stop()
    listener.wait(lambda: listener.live.daemon is Daemon.DOWN)
    assert listener.updates.count(DaemonChanged()) == 1
    with pytest.raises(BusError, match="gbatrace serve"):
        listener.client.request("state", {})
    daemon.start()
    listener.wait(lambda: listener.live.daemon is Daemon.UP)
    daemon.sessions[0].play(1)
    listener.wait(lambda: listener.sets()[-1] == 5)
    assert listener.live.sessions["meadow"]["frame_sets"] == 6


def test_a_page_that_starts_before_the_daemon_finds_it(daemon: FakeDaemon) -> None:
    daemon.stop()
    listener = Listener(daemon)
    listener.client.start()
    gevent.sleep(0.3)
    assert listener.live.daemon is Daemon.WAITING
    daemon.start()
    listener.wait(lambda: listener.live.daemon is Daemon.UP)
    listener.client.stop()


def test_a_daemon_that_is_there_but_does_not_answer_is_lost(
    daemon: FakeDaemon, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webui.live.bus_client._PATIENCE", 0.2)
    monkeypatch.setattr("webui.live.bus_client._HEARTBEAT", 0.1)
    daemon.fall_silent()
    listener.wait(lambda: listener.live.daemon is Daemon.DOWN)
    daemon.speak_again()
    listener.wait(lambda: listener.live.daemon is Daemon.UP)


def test_rubbish_on_the_bus_is_passed_over(daemon: FakeDaemon, listener: Listener) -> None:
    daemon.say_rubbish()
    daemon.open_session("meadow").play(1)
    listener.wait(lambda: listener.sets() == [0])


def test_a_flood_of_publications_takes_nobodys_turn(daemon: FakeDaemon, listener: Listener) -> None:
    session = daemon.open_session("meadow")
    session.play(1)
    listener.wait(lambda: listener.sets() == [0])
    seen: list[int] = []

    def look() -> None:
        while True:
            seen.append(len(listener.sets()))
            gevent.sleep(0)

    looking = gevent.spawn(look)
    session.play(60)  # They wait in ZeroMQ: this call gives nobody a turn.
    listener.wait(lambda: len(listener.sets()) == 61)
    looking.kill()
    assert len(set(seen)) >= 20, "many publications were read between two turns"
