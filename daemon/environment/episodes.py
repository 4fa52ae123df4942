"""Recorder of episodes, each as a session of its own. Shell."""

from pathlib import Path
from uuid import uuid4

from daemon.environment.starts import Start
from daemon.headless import recorder
from daemon.headless.cut_off import close_cut_off_sessions
from daemon.headless.recorder import HeadlessRecorder, RecorderOptions
from lua.headless.core import Core

__all__ = ["EpisodeRecorder"]

_TOKEN = 8


class EpisodeRecorder:
    """Recorder of one episode after the other.

    Sessions are called after the game, a token of this recorder, which differs from that of any other that writes into
    the same folder, and the episode's number.

    Args:
        data_folder: where the sessions are written.
        core: the console.
        game: name for the sessions.
        game_config: file of the game config; None for the one that fits the ROM.
    """

    def __init__(self, data_folder: Path, core: Core, game: str, game_config: Path | None) -> None:
        close_cut_off_sessions(data_folder, lambda _problem: None)  # `gbatrace verify` says what cannot be closed.
        self._data_folder, self._core, self._game_config = data_folder, core, game_config
        self._prefix = f"{game}-{uuid4().hex[:_TOKEN]}"
        self._count = 0
        self._recorder: HeadlessRecorder | None = None

    @property
    def session(self) -> str:
        """Id of the session that is being recorded; empty where the episode is over."""
        return self._recorder.session_id if self._recorder else ""

    def begin(self, start: Start) -> None:
        """Begin an episode: the console has just been given the start's savestate.

        Raises:
            StoreError: the disk refused.
        """
        self.end("the next episode began")
        options = RecorderOptions(
            session_name=f"{self._prefix}-{self._count:06}",
            game_config=self._game_config,
            start=recorder.Start(start.state, start.frame, start.parent) if start.parent else None,
        )
        self._count += 1
        self._recorder = HeadlessRecorder(self._data_folder, self._core, options)

    def run_frame(self, pressed: int) -> None:
        """Run a frame with these buttons held, and record it while the episode lasts.

        Raises:
            StoreError: the disk refused.
        """
        if self._recorder:
            self._recorder.step(pressed)
        else:
            self._core.run_frame(pressed)

    def end(self, reason: str) -> None:
        """End the episode's session; one without a frame set leaves none. Twice does nothing.

        Raises:
            StoreError: the disk refused.
        """
        ended, self._recorder = self._recorder, None
        if ended:
            ended.close(reason)
