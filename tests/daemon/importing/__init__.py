"""Tests of sessions at rest."""
