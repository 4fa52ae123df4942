"""Service for the bus's commands that write suggested labels: take_suggestions, snap. Shell.

The analysis process computes; the labels go the way of all labels, with what a reason adds to their history.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from daemon.labels.commands import CommandHeader
from daemon.labels.service import LabelService
from daemon.suggesting.label_edits import LabelEdits, parse_snap, parse_take, snap_edits, take_edits

__all__ = ["SNAPPED", "SUGGESTED", "SuggestionService"]

SUGGESTED = "suggestion"
SNAPPED = "snap"
"""Origins of labels in their history."""

Ask = Callable[[str, Mapping[str, Any]], Awaitable[Mapping[str, Any]]]


class SuggestionService:
    """Service that takes suggestions and moves ends of runs.

    Args:
        ask: asks a question about memory: command and arguments.
        labels: writes labels.
    """

    def __init__(self, ask: Ask, labels: LabelService) -> None:
        self._ask = ask
        self._labels = labels

    def handlers(self) -> dict[str, Callable[[Mapping[str, Any]], Awaitable[Any]]]:
        """Return the commands that the bus answers with this service."""
        return {"take_suggestions": self.take_suggestions, "snap": self.snap}

    async def take_suggestions(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Give suggested labels to frame sets that have none.

        Args:
            arguments: `session`; `field`; `ranges`, pairs of the first and last frame set that are meant: within them
                labels that memory contradicts are replaced too; `who`; `command_id`.

        Returns:
            `{"entry": n or None, "changed": how many}`. A command whose `command_id` has been carried out is not
            carried out again; its answer is the same.

        Raises:
            GbatraceError: there is no such session or field, or it cannot be asked about now.
        """
        header, field, ranges = parse_take(arguments)
        if done := await self._labels.carried_out(header):
            return done  # Asked before memory is: what was taken is suggested no more.
        answer = await self._ask("suggestions", {"session": header.session, "field": field})
        return await self._give(header, SUGGESTED, take_edits(answer, ranges))

    async def snap(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Move ends of labelled runs to the change of memory that they meant.

        Args:
            arguments: `session`; `field`; `numbers`, frame sets of the runs that are meant, or `all`; `who`;
                `command_id`.

        Returns:
            `{"entry": n or None, "changed": how many}`. A command whose `command_id` has been carried out is not
            carried out again; its answer is the same.

        Raises:
            GbatraceError: there is no such session, field or frame set, or it cannot be asked about now.
        """
        header, field, numbers = parse_snap(arguments)
        if done := await self._labels.carried_out(header):
            return done
        answer = await self._ask("snaps", {"session": header.session, "field": field, "numbers": numbers})
        return await self._give(header, SNAPPED, snap_edits(answer))

    async def _give(self, header: CommandHeader, origin: str, edits: LabelEdits) -> dict[str, Any]:
        if not edits.parts:
            return {"entry": None, "changed": 0}
        done = await self._labels.give(replace(header, origin=origin, reason=edits.reason), edits.parts)
        return {"entry": done["entry"], "changed": done["changed"]}
