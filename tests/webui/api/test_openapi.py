"""The interface does what its document says, for requests that nobody thought of."""

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from daemon.answering.service import AnalysisService
from protocol.errors import GbatraceError, RomError
from tests.daemon.analysis.stored_session import StoredSession
from tests.webui.api.test_routes import asked, server
from webui.api.memory_schemas import memory_schemas
from webui.api.name_schemas import name_schemas
from webui.api.openapi import describe
from webui.api.openapi_schemas import schemas
from webui.api.original_schemas import original_schemas
from webui.api.schema_parts import ref
from webui.api.suggestion_schemas import suggestion_schemas
from webui.app import PageServer
from webui.errors import CommandError

__all__ = ["asked", "server"]

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture(autouse=True)
def memory(server: PageServer, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let questions about memory be answered as the analysis process does, about a session of the same name."""
    data = tmp_path_factory.mktemp("recorded")
    service = AnalysisService(data)
    stored: list[StoredSession] = []

    def refuse(_request: Mapping[str, Any]) -> dict[str, Any]:
        raise RomError("There is no ROM.")

    monkeypatch.setattr(service._probes, "answer", refuse)  # It would start a process for each.

    def ask(command: str, arguments: Mapping[str, Any], _patience: float) -> Any:
        if not stored:
            stored.append(StoredSession(data, "meadow"))
            stored[0].store(*range(8))
        try:
            return service.answer(command, arguments)
        except GbatraceError as error:
            raise CommandError(error.kind, str(error)) from None

    monkeypatch.setattr(server.questions, "_ask", ask)


Case = tuple[str, str, GenerationMode]


PATHS: Mapping[str, Any] = describe("0")["paths"]


def cases() -> list[Case]:
    """List requests: valid ones, and invalid ones where the document describes the valid."""
    return [
        (path, method, mode)
        for path, methods in PATHS.items()
        for method in methods
        for mode in GenerationMode
        if mode is GenerationMode.POSITIVE or method == "post" or path.endswith("/frame_sets")
    ]


@pytest.mark.parametrize(("path", "method", "mode"), cases())
def test_the_interface_is_as_described(server: PageServer, path: str, method: str, mode: GenerationMode) -> None:
    operation = schemathesis.openapi.from_wsgi("/api/openapi.json", server.app)[path][method.upper()]

    @settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode), there=st.integers(0, 3))
    def check(case: Any, there: int) -> None:
        if there and mode is GenerationMode.POSITIVE:
            case.path_parameters = {**(case.path_parameters or {}), "session": "meadow", "number": "3"}
        rejected = [negative_data_rejection] if mode is GenerationMode.NEGATIVE else []
        case.call_and_validate(checks=[*CHECKS, *rejected])

    check()


def test_every_route_of_the_interface_is_described(server: PageServer) -> None:
    routes = {
        rule.rule.replace("<", "{").replace(">", "}")
        for rule in server.app.url_map.iter_rules()
        if rule.endpoint.startswith(("api.", "names.", "memory.", "suggestions.", "original.")) and ":" not in rule.rule
    }
    several = re.compile(
        r"/(labels|latch|undo|redo)$|/(names|searches|queries)/\{name\}$|^/api/(contexts|scenes|tags|apply_\w+)/"
    )
    assert routes - {"/api/openapi.json"} == {path for path in PATHS if not several.search(path)}


def test_every_schema_that_is_named_is_there_and_used() -> None:
    document = json.dumps(describe("0"))
    assert {name for name in schemas() if json.dumps(ref(name)) in document} == set(schemas())
    assert set(re.findall(r'"#/components/schemas/(\w+)"', document)) == set(schemas())


def test_no_schema_stands_twice() -> None:
    families = [set(family()) for family in (memory_schemas, name_schemas, original_schemas, suggestion_schemas)]
    assert sum(map(len, families)) == len(set.union(*families))
    assert set.union(*families) < set(schemas())
