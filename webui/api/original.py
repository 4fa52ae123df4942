"""Routes of the original's web app, with the answers that its pages and scripts expect.

They read the index and the folders, and edit labels by label commands, as our own do. A route without a session is
about the newest.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import orjson
from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as Redirection

from protocol.errors import LabelError, LayoutError
from protocol.session.annotations import FIELD_NAMES, AnnotationsFile, read_annotations
from protocol.session.layout import frame_set_id
from protocol.wording import sentence
from webui.api.parameters import AGGREGATES, CONTEXT_FILTERS, FRAME_FILTERS, MAX_LIMIT, PAGE_SIZE
from webui.api.responses import IMMUTABLE, json_body, json_response
from webui.archive.folders import Archive
from webui.archive.index import Index
from webui.archive.index_rows import SetFilter
from webui.archive.label_options import label_options
from webui.errors import MissingError, QueryError
from webui.live.labelling import Labelling
from webui.live.live_state import LiveState
from webui.offload import offload

__all__ = ["create_original_api"]

_PLURALS = {
    "contexts": "context",
    "scenes": "scene",
    "tags": "tags",
    "actions": "action",
    "intents": "intent",
    "outcomes": "outcome",
}

_FIELD = {name: "action" if name == "action_type" else name for name in AGGREGATES}
"""Our name of each listed field; some versions of the original have `action_type`."""


@dataclass(frozen=True, slots=True)
class _Sessions:
    """Sessions as the original's app has them.

    Args:
        state: of the daemon, as last known.
        archive: gives the data folder's reader.
        opened: gives the data folder's index, in step with a session's folder.
        labelling: forwards label commands.
    """

    state: LiveState
    archive: Callable[[], Archive]
    opened: Callable[[str], Index]
    labelling: Labelling

    def newest(self) -> str:
        """Return the id of the newest session.

        Raises:
            MissingError: there is none.
        """
        for summary in self.state.all_sessions():
            return str(summary["session_id"])
        raise MissingError("No sessions found.")

    def numbers(self, session: str, status: str = "all", named: Iterable[int] | None = None) -> list[int]:
        """List the frame sets of a session, those that are named alone where some are."""
        wanted = SetFilter(status, numbers=None if named is None else tuple(named))
        return offload(self.opened(session).numbers, session, wanted)

    def label(self, session: str, frame_sets: list[int], labels: Mapping[str, Any]) -> None:
        """Label frame sets."""
        arguments = {"session": session, "frame_sets": frame_sets, "labels": labels, "origin": "api"}
        self.labelling.carry_out("label", arguments)


def create_original_api(
    state: LiveState, archive: Callable[[], Archive], opened: Callable[[str], Index], labelling: Labelling
) -> Blueprint:
    """Make the routes of the original's app.

    Args:
        state: of the daemon, as last known.
        archive: gives the data folder's reader.
        opened: gives the data folder's index, in step with a session's folder.
        labelling: forwards label commands.
    """
    routes = Blueprint("original", __name__)
    sessions = _Sessions(state, archive, opened, labelling)

    @routes.get("/<session>")
    def page(session: str) -> Redirection:
        offload(sessions.archive().must_exist, session)
        return redirect(f"/#{quote(session, safe='')}")

    _add_frames(routes, sessions)
    _add_values(routes, sessions)
    _add_labelling(routes, sessions)
    return routes


def _add_frames(routes: Blueprint, sessions: _Sessions) -> None:
    """Add the routes of frame sets: lists, events, screenshots."""

    @routes.get("/api/frames")
    @routes.get("/api/frames/<session>")
    def frames(session: str | None = None) -> Response:
        session = session or sessions.newest()
        wanted = request.args.get("filter", "all")
        if wanted not in FRAME_FILTERS:
            raise QueryError(f"`filter` is one of {', '.join(FRAME_FILTERS)}.")
        found = sessions.numbers(session, FRAME_FILTERS[wanted])
        complete, partial = (frozenset(sessions.numbers(session, status)) for status in ("complete", "partial"))
        listed = [{"frame": number, "annotated": number in complete, "partial": number in partial} for number in found]
        return json_response({"frames": listed, "filter": wanted, "total_filtered": len(listed)})

    @routes.get("/api/frame_event/<number>")
    @routes.get("/api/frame_event/<session>/<number>")
    def frame_event(number: str, session: str | None = None) -> Response:
        document, labels = offload(sessions.archive().files, session or sessions.newest(), frame_set_id(number))
        event = {name: document.get(name) for name in ("timestamp", "pc", "current_keys")}
        return json_response({**event, "annotations": labels})

    @routes.get("/api/frame_context/<number>")
    @routes.get("/api/frame_context/<session>/<number>")
    def frame_context(number: str, session: str | None = None) -> Response:
        return json_response(offload(_context, sessions.archive(), session or sessions.newest(), frame_set_id(number)))

    @routes.get("/api/frame_contexts/<session>")
    def frame_contexts(session: str) -> Response:
        status = CONTEXT_FILTERS.get(request.args.get("filter", "ALL").upper())
        if status is None:
            raise QueryError(f"`filter` is one of {', '.join(CONTEXT_FILTERS)}.")
        start = _number("start", 0)
        size = min(_number("page_size", PAGE_SIZE), MAX_LIMIT)
        found = [number for number in sessions.numbers(session, status) if number >= start][:size]
        folders = sessions.archive()
        return json_response({"contexts": [offload(_context, folders, session, number) for number in found]})

    @routes.get("/api/frame_image/<number>")
    @routes.get("/api/frame_image/<session>/<number>")
    def frame_image(number: str, session: str | None = None) -> Response:
        png = offload(sessions.archive().screenshot, session or sessions.newest(), frame_set_id(number))
        # Without a session in it, the address may mean another picture tomorrow.
        kept = IMMUTABLE if session else "no-store"
        return Response(png, mimetype="image/png", headers={"Cache-Control": kept})


def _add_values(routes: Blueprint, sessions: _Sessions) -> None:
    """Add the routes of what is labelled so far, and of the options."""

    @routes.get("/api/progress/<session>")
    def progress(session: str) -> Response:
        counts = offload(sessions.opened(session).progress, session)
        return json_response({name: counts[name] for name in ("total", "complete", "partial")})

    @routes.get("/api/aggregate/<field>/<session>")
    def aggregate(field: str, session: str) -> Response:
        values = _sorted(offload(sessions.opened(session).values, session))
        match field:
            case "all":
                return json_response({name: values[one] for name, one in _PLURALS.items()})
            case "actions":
                return json_response({name: values[_PLURALS[name]] for name in ("actions", "intents", "outcomes")})
            case _ if field in _FIELD:
                return json_response({field: values[_FIELD[field]]})
            case _:
                raise MissingError(f"There is no label field {field[:60]!r} whose values are listed.")

    @routes.get("/api/<any(contexts, scenes, tags):plural>/<session>")
    def used_values(plural: str, session: str) -> Response:
        values = _sorted(offload(sessions.opened(session).values, session))
        return json_response({plural: values[_PLURALS[plural]]})

    @routes.get("/api/actions/<session>")
    def used_actions(session: str) -> Response:
        return aggregate("actions", session)

    @routes.get("/static/annotation_config.json")
    @routes.get("/static/annotation_config.json/<session>")
    def annotation_config(session: str | None = None) -> Response:
        session = session or sessions.newest()
        folders = sessions.archive()
        offload(folders.must_exist, session)
        options = offload(label_options, folders.data_folder, session).options
        return json_response(
            {
                f"{field}_options": [
                    {"value": option["value"], "label": option["label"]}
                    for option in options.get(field, [])
                    if not option.get("retired")
                ]
                for field in ("context", "action", "intent", "outcome")
            }
        )


def _add_labelling(routes: Blueprint, sessions: _Sessions) -> None:
    """Add the routes that label."""

    @routes.post("/api/annotate")
    @routes.post("/api/annotate/<session>")
    def annotate(session: str | None = None) -> Response:
        body, session = json_body(), session or sessions.newest()
        named, annotation = body.get("frames"), body.get("annotation")
        if not isinstance(named, list) or not isinstance(annotation, dict):
            raise QueryError("The body has `frames`, a list of numbers, and `annotation`, an object.")
        if any(isinstance(frame, bool) or not isinstance(frame, int | float | str) for frame in named):
            raise QueryError("Each of `frames` is a number.")
        found = _given(annotation)
        ids = [_number_of(frame) for frame in named]
        there = frozenset(sessions.numbers(session, named=[number for number in ids if number is not None]))
        if there:
            sessions.label(session, sorted(there), found.labels.as_map())
        return json_response(
            {
                "success": True,
                "annotated": [frame for frame, number in zip(named, ids, strict=True) if number in there],
                "failed": [frame for frame, number in zip(named, ids, strict=True) if number not in there],
                **({"ignored": list(found.other)} if found.other else {}),
            }
        )

    @routes.post("/api/<any(apply_fields, apply_multiple_fields, apply_field):route>/<session>/<number>")
    def apply_fields(route: str, session: str, number: str) -> Response:
        given = _field_of_query() if route == "apply_field" and "field" in request.args else json_body()
        frame_set = frame_set_id(number)
        if not sessions.numbers(session, named=[frame_set]):
            raise MissingError(f"Session {session} has no frame set {frame_set}.")
        found = _given(given)
        names = [_FIELD.get(name, name) for name in given]
        unknown = [name for name in names if name not in FIELD_NAMES]
        if unknown:
            raise QueryError(f"There is no label field {unknown[0][:60]!r}; there are {', '.join(FIELD_NAMES)}.")
        values = found.labels.as_map()
        sessions.label(session, [frame_set], {name: values[name] for name in names})
        return json_response({"success": True})


def _context(archive: Archive, session: str, number: int) -> dict[str, Any]:
    document, labels = archive.files(session, number)
    return {**document, "annotations": labels or {}}


def _sorted(values: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {name: sorted(used) for name, used in values.items()}


def _given(annotation: Mapping[str, Any]) -> AnnotationsFile:
    """Read labels in the form of the original's file, as its page sends them.

    Raises:
        QueryError: a field has a value of the wrong type or size.
    """
    try:
        found = read_annotations(orjson.dumps(annotation))
    except (LabelError, TypeError) as error:
        raise QueryError(str(error)) from None
    if not found.other.keys().isdisjoint(FIELD_NAMES):
        raise QueryError(sentence(found.remarks[0]))
    return found


def _field_of_query() -> dict[str, str]:
    return {request.args["field"]: request.args.get("value", "")}


def _number_of(frame: object) -> int | None:
    """Read the number of a frame set, which the original's pages send as a number or as a text."""
    try:
        return frame_set_id(f"{frame:.0f}" if isinstance(frame, float) and frame.is_integer() else str(frame))
    except LayoutError:
        return None


def _number(name: str, default: int) -> int:
    text = request.args.get(name, "")
    if not text:
        return default
    try:
        return frame_set_id(text)
    except LayoutError:
        raise QueryError(f"`{name}` is a whole number that is not negative.") from None
