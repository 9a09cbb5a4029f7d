"""Disclosure control: which cells of a release may be shown, and what an attacker still learns from those that are.

`marks` holds the rules and what stands in a cell, `suppression` the closing rule. `linked_tables`, `attacker` and
`protecting` work on any table of counts (`enkat protect` reads it by `table_files`); `release_tables`, `witnesses` and
`share_attack` try what a release of a round tells.
"""
