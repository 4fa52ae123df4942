"""HTTP routes for programs: sessions, frame sets, labels. `openapi` describes them."""

from collections.abc import Callable, Iterable
from time import monotonic
from typing import Any
from unicodedata import normalize

from flask import Blueprint, Response, request

from protocol.link.messages import MAX_SET
from protocol.session.annotations import TEXT_FIELDS
from protocol.session.events import MARK
from protocol.session.layout import frame_set_id
from webui.api.openapi import describe
from webui.api.parameters import DEFAULT_LIMIT, MAX_LIMIT
from webui.api.queries import refuse_other_parameters, require_session, whole_number
from webui.api.responses import IMMUTABLE, json_body, json_response
from webui.archive.folders import Archive
from webui.archive.index import Index
from webui.archive.index_rows import SetFilter
from webui.archive.label_options import label_options
from webui.archive.statistics_document import statistics_document
from webui.archive.thumbnails import Thumbnails
from webui.errors import QueryError
from webui.live.labelling import Labelling
from webui.live.live_state import LiveState
from webui.offload import offload

__all__ = ["create_api"]

_COUNTING = 0.5
"""Seconds of counting in one request for statistics; the rest is left to the next."""

_FILTERS = (*TEXT_FIELDS, "tags")

_COMMANDS = {"labels": "label", "latch": "latch", "undo": "undo", "redo": "redo", "label_set": "edit_label_set"}
"""Label commands of the bus by the last parts of their routes."""


def create_api(
    state: LiveState,
    archive: Callable[[], Archive],
    opened: Callable[[str], Index],
    labelling: Labelling,
    version: str,
) -> Blueprint:
    """Make the routes under `/api/`.

    Args:
        state: of the daemon, as last known.
        archive: gives the data folder's reader.
        opened: gives the data folder's index, in step with a session's folder.
        labelling: forwards label commands.
        version: of the package.
    """
    api = Blueprint("api", __name__, url_prefix="/api")

    @api.get("/openapi.json")
    def document() -> Response:
        return json_response(describe(version))

    @api.get("/sessions")
    def sessions() -> Response:
        refuse_other_parameters()
        summaries = state.all_sessions()
        names = [summary["session_id"] for summary in summaries]
        metadata = offload(_metadata, archive(), names) if names else {}
        listed = [{**summary, "metadata": metadata[summary["session_id"]]} for summary in summaries]
        return json_response({"sessions": listed})

    @api.post(f"/sessions/<session>/<any({', '.join(_COMMANDS)}):name>")
    def give(session: str, name: str) -> Response:
        require_session(session, state, archive)
        arguments = {"origin": "api", **json_body(), "session": session}
        return json_response(labelling.carry_out(_COMMANDS[name], arguments))

    _add_frame_sets(api, archive, opened)
    _add_labels(api, archive, opened)
    return api


def _add_frame_sets(api: Blueprint, archive: Callable[[], Archive], opened: Callable[[str], Index]) -> None:
    """Add the routes of frame sets: lists, documents, pictures."""
    thumbnails = Thumbnails()

    @api.get("/sessions/<session>/frame_sets")
    def frame_sets(session: str) -> Response:
        wanted, limit = _listing(lambda: offload(_marked, archive(), session))
        rows = offload(opened(session).sets, session, wanted, limit + 1)
        more = len(rows) > limit
        return json_response({"frame_sets": rows[:limit], "next": str(rows[limit]["frame_set_id"]) if more else None})

    @api.get("/sessions/<session>/frame_sets/<number>")
    def frame_set(session: str, number: str) -> Response:
        return json_response(offload(archive().frame_set, session, frame_set_id(number)))

    @api.get("/sessions/<session>/frame_sets/<number>/image")
    def image(session: str, number: str) -> Response:
        png = offload(archive().screenshot, session, frame_set_id(number))
        return Response(png, mimetype="image/png", headers={"Cache-Control": IMMUTABLE})

    @api.get("/sessions/<session>/frame_sets/<number>/thumbnail")
    def thumbnail(session: str, number: str) -> Response:
        webp = offload(thumbnails.thumbnail, archive(), session, frame_set_id(number))
        return Response(webp, mimetype="image/webp", headers={"Cache-Control": IMMUTABLE})


def _add_labels(api: Blueprint, archive: Callable[[], Archive], opened: Callable[[str], Index]) -> None:
    """Add the routes of what is labelled so far, and of the options."""

    @api.get("/sessions/<session>/progress")
    def progress(session: str) -> Response:
        return json_response(offload(opened(session).progress, session))

    @api.get("/sessions/<session>/values")
    def values(session: str) -> Response:
        return json_response(offload(opened(session).values, session))

    @api.get("/sessions/<session>/coverage")
    def coverage(session: str) -> Response:
        return json_response(offload(opened(session).snapshot, session)["labels"])

    @api.get("/sessions/<session>/statistics")
    def statistics(session: str) -> Response:
        return json_response(offload(_statistics, opened(session), session))

    @api.get("/sessions/<session>/label_set")
    def label_set(session: str) -> Response:
        offload(archive().must_exist, session)
        return json_response(offload(label_options, archive().data_folder, session).as_map())


def _statistics(index: Index, session: str) -> dict[str, Any]:
    """Count a little further, and add up what is counted."""
    begun, left = monotonic(), 1
    while left and monotonic() - begun < _COUNTING:
        left = index.count_some(session)
    return statistics_document(index.counted(session), left)


def _listing(marked: Callable[[], tuple[int, ...]]) -> tuple[SetFilter, int]:
    """Read the filter and the limit from the query."""
    given = request.args
    refuse_other_parameters(("status", "text", "marked", "first", "last", "cursor", "limit", *_FILTERS))
    if given.get("marked", "false") not in {"true", "false"}:
        raise QueryError("`marked` is true or false.")
    limit = whole_number("limit", DEFAULT_LIMIT)
    if not 1 <= limit <= MAX_LIMIT:
        raise QueryError(f"`limit` is from 1 to {MAX_LIMIT}.")
    wanted = SetFilter(
        status=given.get("status", "all"),
        values={name: normalize("NFC", given[name]) for name in _FILTERS if name in given},
        text=normalize("NFC", given.get("text", "")),
        first=max(whole_number("first", 0), whole_number("cursor", 0)),
        last=whole_number("last", MAX_SET),
        numbers=marked() if given.get("marked") == "true" else None,
    )
    return wanted, limit


def _metadata(archive: Archive, sessions: Iterable[str]) -> dict[str, dict[str, Any]]:
    return {session: archive.metadata(session) for session in sessions}


def _marked(archive: Archive, session: str) -> tuple[int, ...]:
    return tuple(
        event["frame_set_id"]
        for event in archive.events(session)
        if event.get("name") == MARK and type(event.get("frame_set_id")) is int
    )
