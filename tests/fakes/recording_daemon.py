"""A daemon without sockets and threads: one session, recorded to a folder, until it is killed."""

from collections.abc import Iterable
from pathlib import Path

from daemon.recording.effects import Greeted, Input, Labelled, Latched, Notify, Publish, Reported, Send
from daemon.recording.session import Session
from daemon.recording.session_state import SessionIdentity
from daemon.recording.session_writer import SessionWriter
from protocol.link.messages import Hello, Welcome
from protocol.session.layout import SessionFolder
from tests.fakes.game import NOW, greeting

__all__ = ["RecordingDaemon"]


class RecordingDaemon:
    """A daemon that records one session until it is killed. Its memory is lost then, its files are not."""

    def __init__(self, data: Path, restored: Session | None = None, hello: Hello | None = None) -> None:
        self.folder = SessionFolder(data / "run")
        if restored is None:
            identity = SessionIdentity("run", "", NOW, "Tiny", "", is_custom_name=True)
            self.session = Session(identity, hello or greeting())
        else:
            self.session = restored
        self.session.give_token("c0ffee")
        self.writer = SessionWriter(self.folder)
        self.welcome: Welcome | None = None
        self.hears([Greeted()])

    def hears(self, events: Iterable[Input]) -> None:
        for event in events:
            for effect in self.session.receive(event, NOW):
                match effect:
                    case Send(Welcome() as welcome):
                        self.welcome = welcome
                    case Send() | Publish() | Notify() | Latched() | Labelled():
                        pass
                    case _:
                        self.writer.perform(effect)
                        self.hears([Reported(effect)])

    def is_killed(self) -> None:
        """The system lets go of the lock; nothing else is put in order."""
        self.writer.close()
