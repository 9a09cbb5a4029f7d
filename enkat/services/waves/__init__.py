"""Waves of contact: planned, built into a frozen list, said yes to, handed over by `enkat tick`, followed."""
