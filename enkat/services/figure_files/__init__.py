"""Files with others' figures, a share per row: read with row numbers, each fault told by row and column.

Used by what takes such files (earlier surveys, external series). Imports records and the register's file reading.
"""
