import ast
import inspect
from dataclasses import fields

from webui.settings import Settings


def test_every_setting_is_explained() -> None:
    [declaration] = ast.parse(inspect.getsource(Settings)).body
    assert isinstance(declaration, ast.ClassDef)
    statements = declaration.body[1:]
    for field, (name, text) in zip(fields(Settings), zip(statements[::2], statements[1::2], strict=True), strict=True):
        assert isinstance(name, ast.AnnAssign)
        assert ast.unparse(name.target) == field.name
        assert isinstance(text, ast.Expr)
        assert isinstance(text.value, ast.Constant)
