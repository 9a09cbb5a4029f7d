"""The benchmark: budgets measured beside a bare app in the same minutes. Run it with `make bench`."""
