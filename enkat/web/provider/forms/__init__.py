"""Forms of providers, one module per noun."""
