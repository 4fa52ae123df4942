"""Tests of replays and branches."""
