"""Tests of stable-retro integrations."""
