"""The text of errors: BizHawk's carry their cause inside."""

from tests.lua.machine import Machine


def text(lua: Machine, problem: str) -> str:
    said: bytes = lua.execute(f"return require('host.problem').text({problem})")
    return said.decode()


def test_a_plain_error_is_its_text(lua: Machine) -> None:
    assert text(lua, "'main:1: broken'") == "main:1: broken"
    assert text(lua, "nil") == "nil"


def test_of_what_bizhawk_throws_the_cause_is_told(lua: Machine) -> None:
    make = (
        "(function() local object = io.tmpfile() debug.setmetatable(object,"
        " {{__index = {inner}, __tostring = function() return 'user-code: 7' end}}) return object end)()"
    )
    cause = "{ InnerException = { Message = 'connection refused' } }"
    assert text(lua, make.replace("{{", "{").replace("}}", "}").replace("{inner}", cause)) == "connection refused"
    assert text(lua, make.replace("{{", "{").replace("}}", "}").replace("{inner}", "{}")) == "user-code: 7"
