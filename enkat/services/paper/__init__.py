"""Questionnaires that come back on paper: opened, keyed by the number keys, checked blind, accepted into the box."""
