"""Verification of sessions: files, order, memory, seals."""

__all__: list[str] = []
