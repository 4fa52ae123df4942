"""Tests of probe and poke."""
