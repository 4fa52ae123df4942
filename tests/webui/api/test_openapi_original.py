"""The original's routes do what the document says of them."""

import pytest
from schemathesis import GenerationMode

from tests.webui.api.test_openapi import asked, cases, check_operation, server
from webui.api.openapi_original import original_paths
from webui.app import PageServer

__all__ = ["asked", "server"]


@pytest.mark.parametrize(("path", "method", "mode"), cases(original_paths()))
def test_the_routes_are_as_described(server: PageServer, path: str, method: str, mode: GenerationMode) -> None:
    check_operation(server, path, method, mode)


def test_every_route_is_described(server: PageServer) -> None:
    routes = {
        rule.rule.replace("<", "{").replace(">", "}")
        for rule in server.app.url_map.iter_rules()
        if rule.endpoint.startswith("original.") and ":" not in rule.rule
    }
    plurals = {f"/api/{plural}/{{session}}" for plural in ("contexts", "scenes", "tags")}
    fields = {path for path in original_paths() if path.startswith("/api/apply_")}
    assert routes == set(original_paths()) - plurals - fields
