"""Verification of sessions.

`verify` walks through one and asks `files`, `journals`, `order`, `memory` and `seals`; `report` collects the findings.
"""

__all__: list[str] = []
