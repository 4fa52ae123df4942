"""Closing of sessions whose recorder was killed: nobody comes back for them. Shell."""

import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from daemon.headless.direct_session import DirectSession
from daemon.recording.restoring import restore_headless_sessions
from protocol.errors import StoreError

__all__ = ["close_cut_off_sessions"]


def close_cut_off_sessions(data_folder: Path, report: Callable[[str], None]) -> None:
    """End the sessions of a data folder that were recorded without an emulator and cut off.

    Args:
        data_folder: the session folders; those that are being recorded are left alone.
        report: called with what cannot be closed, one sentence each.
    """
    now = time.time_ns() // 1_000_000
    for session in restore_headless_sessions(data_folder, now, report):
        with closing(DirectSession(data_folder, session)) as direct:
            try:
                direct.end_cut_off("its process was killed", now)
            except StoreError as error:
                report(f"{session.identity.session_id} was cut off and cannot be closed. {error}")
