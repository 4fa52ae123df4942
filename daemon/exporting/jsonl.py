"""Format `jsonl`: windows of inputs and outputs, a JSON object a line. Needs no library.

::

    <dataset>/
        dataset.json
        <split>/<session id>.jsonl

`inputs` holds the window's frame sets: buttons at each frame, changes as [address, previous, current] in hex, and where
the game has names of memory the value of each after the frame set.
`outputs` holds the labels of the window's last frame set: what a model would say at that moment. A window lies within
one episode and one split.
"""

import base64
import zlib
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import BinaryIO

import orjson

from daemon.exporting.columns import rows_of
from daemon.exporting.dataset import DatasetExporter
from daemon.exporting.destination import Facts, Unit
from daemon.exporting.memory import MemoryForm
from daemon.exporting.source import SessionSource
from daemon.exporting.windows import Step, WindowMaker, step_of
from protocol.changes import U32

__all__ = ["JsonlExporter"]


def _written(memory: bytes | U32) -> str | list[int]:
    """Write memory: words as numbers, an image as base64 of its bytes, compressed by zlib."""
    return base64.b64encode(zlib.compress(memory)).decode() if isinstance(memory, bytes) else memory.tolist()


def _written_step(step: Step) -> Step:
    """Write a step's inputs: they stand in several windows."""
    return replace(step, inputs=orjson.Fragment(orjson.dumps(step.inputs)))


class JsonlExporter(DatasetExporter):
    """Exporter of one file for each session and split."""

    format_name = "jsonl"
    is_apart = True
    memory_forms = frozenset({MemoryForm.NONE, MemoryForm.DENSE, MemoryForm.WORDS})

    def write_session(self, source: SessionSource, unit: Unit, before: Sequence[Facts]) -> Facts:  # noqa: ARG002
        """Write a session's windows."""
        windows = dict.fromkeys(source.split_names, 0)
        options = self.options
        maker = WindowMaker(source.session_id, options.window, options.stride, labelled_only=options.labelled_only)
        run: tuple[str, int] | None = None
        with ExitStack() as stack:
            files: dict[str, BinaryIO] = {
                split: stack.enter_context(unit.path(f"{split}/{source.session_id}.jsonl").open("wb"))
                for split in source.split_names
            }
            for batch in source.batches(with_png=False):
                for part in batch.runs():
                    split = str(part.splits[0])
                    if run != (split, int(part.episodes[0])):
                        maker.restart()
                        run = split, int(part.episodes[0])
                    shared = rows_of(part, self.columns)
                    for row, memory in zip(shared, part.memories, strict=True):
                        if memory is not None:
                            row["memory"] = _written(memory)
                    variables = self.variables.rows(part.variables)
                    steps = [
                        _written_step(
                            step_of(
                                item,
                                part.changes,
                                part.changes.of_set(place),
                                labels,
                                options.max_changes,
                                variables[place],
                                shared[place],
                            )
                        )
                        for place, (item, labels) in enumerate(zip(part.sets, part.labels, strict=True))
                    ]
                    for example in maker.add(steps):
                        files[split].write(orjson.dumps(example, option=orjson.OPT_APPEND_NEWLINE))
                        windows[split] += 1
        return {"windows": windows}

    def write_rest(self, unit: Unit, facts: Sequence[Facts]) -> Facts:  # noqa: ARG002
        """Write nothing more."""
        totals: dict[str, int] = {}
        for fact in facts:
            for split, number in fact["windows"].items():
                totals[split] = totals.get(split, 0) + number
        return {"windows": totals}
