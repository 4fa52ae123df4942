"""Tests of the headless recorder."""
