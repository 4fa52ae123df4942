"""Labels as rows of the language columns of LeRobotDataset. Pure.

A *persistent* row holds from its time until the next of its style; a row without content ends it. An *event* row
stands on the frame where it happened (LeRobot, docs/source/language_and_recipes.mdx). What each field becomes:

| field | style | role | column |
|---|---|---|---|
| `action` | `subtask` | assistant | persistent |
| `intent` | `plan` | assistant | persistent |
| `context`, `scene`, `tags` | `memory` | assistant | persistent |
| `outcome` | `vqa`, a question and its answer about the screenshot | user, assistant | events |
| `description` | `interjection` | user | events |
"""

from collections.abc import Callable, Sequence
from typing import Any

from protocol.session.annotations import Annotations

__all__ = ["OUTCOME_QUESTION", "event_rows", "persistent_rows"]

OUTCOME_QUESTION = "What is the outcome of the current action?"


def persistent_rows(labels: Sequence[Annotations | None], times: Sequence[float]) -> list[dict[str, Any]]:
    """Return the rows of an episode that hold until replaced.

    Args:
        labels: of its n frames; None where nothing is known.
        times: of its n frames, s from its start.

    Returns:
        Rows by time, then style.
    """
    rows: list[dict[str, Any]] = []
    for style, content_of in _STYLES.items():
        before: str | None = None
        for item, time in zip(labels, times, strict=True):
            content = content_of(item) if item is not None else None
            if content != before:
                rows.append(_row(style, "assistant", content) | {"timestamp": time})
            before = content
    return sorted(rows, key=lambda row: (row["timestamp"], row["style"]))


def event_rows(labels: Sequence[Annotations | None], camera: str) -> list[list[dict[str, Any]]]:
    """Return the rows of each of n frames: an outcome or description that is new there."""
    rows: list[list[dict[str, Any]]] = []
    before = Annotations()
    for item in labels:
        now = item or Annotations()
        here: list[dict[str, Any]] = []
        if now.description and now.description != before.description:
            here.append(_row("interjection", "user", now.description))
        if now.outcome and now.outcome != before.outcome:
            here.append(_row("vqa", "user", OUTCOME_QUESTION, camera))
            here.append(_row("vqa", "assistant", now.outcome, camera))
        rows.append(here)
        before = now
    return rows


def _memory(labels: Annotations) -> str | None:
    parts = [
        f"{name}: {value}"
        for name, value in (("context", labels.context), ("scene", labels.scene), ("tags", ", ".join(labels.tags)))
        if value
    ]
    return "; ".join(parts) or None


_STYLES: dict[str, Callable[[Annotations], str | None]] = {
    "memory": _memory,
    "plan": lambda labels: labels.intent or None,
    "subtask": lambda labels: labels.action or None,
}


def _row(style: str, role: str, content: str | None, camera: str | None = None) -> dict[str, Any]:
    return {"role": role, "content": content, "style": style, "camera": camera, "tool_calls": None}
