"""A daemon without sockets and threads: one session, recorded to a folder, until it is killed."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from daemon.recording.effects import Effect, LogEvent, Send, StoreMemory, StoreMetadata, StoreProof, StoreSet
from daemon.recording.session import Session
from daemon.recording.session_origin import SessionIdentity
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
        self.writer.open(self.session.greeted(NOW))
        self.welcome: Welcome | None = None
        self.perform(self.session.welcome(NOW))

    def hears(self, messages: Iterable[Any]) -> None:
        for message in messages:
            self.perform(self.session.receive(message, NOW))

    def perform(self, effects: Iterable[Effect]) -> None:
        for effect in effects:
            match effect:
                case StoreSet(frame_set, labels, sighted):
                    self.writer.write_frame_set(frame_set, labels, sighted)
                    self.perform(self.session.stored(frame_set))
                case StoreMemory(number, image):
                    self.writer.write_memory(number, image)
                case StoreMetadata(metadata):
                    self.writer.write_metadata(metadata)
                case StoreProof(proof):
                    self.writer.append_proof(proof)
                case LogEvent(event):
                    self.writer.append_event(event)
                case Send(Welcome() as welcome):
                    self.welcome = welcome

    def is_killed(self) -> None:
        """The system lets go of the lock; nothing else is put in order."""
        self.writer.close()
