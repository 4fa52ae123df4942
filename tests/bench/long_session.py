"""A long session on disk, labelled here and there: an hour of play and more, made out of few different files."""

from dataclasses import replace

from protocol.session.annotations import Annotations, annotations_json
from protocol.session.event_json import event_json
from protocol.session.layout import SessionFolder
from tests.fakes.bus_daemon import make_frame_set
from tests.fakes.game_picture import draw_game

__all__ = ["CONTEXTS", "make_long_session"]

CONTEXTS = ("overworld", "battle", "dialogue", "")
"""In turns, each for `_LABELLED_RUN` frame sets; the empty one stands for no labels."""

_LABELLED_RUN = 40
_KINDS = 64
_SCANS = 1
"""Scans of each frame set: some four kilobytes of changes, as a quiet game makes them."""


def make_long_session(folder: SessionFolder, sets: int) -> None:
    """Make a session of so many frame sets, with pictures."""
    files = []
    for kind in range(min(sets, _KINDS)):
        made = make_frame_set(kind, png=b"")
        event = event_json(replace(made, changes=made.changes[:_SCANS]))
        files.append((b'"frame_set_id":%d,' % kind, event, draw_game(kind)))
    for number in range(sets):
        name, event, png = files[number % len(files)]
        folder.frame_set(number).mkdir(parents=True)
        folder.event(number).write_bytes(event.replace(name, b'"frame_set_id":%d,' % number))
        folder.screenshot(number).write_bytes(png)
        context = CONTEXTS[number // _LABELLED_RUN % len(CONTEXTS)]
        if context:
            folder.annotations(number).write_bytes(annotations_json(Annotations(context=context)))
