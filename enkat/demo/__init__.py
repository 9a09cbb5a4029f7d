"""The simulated city: invented people with known satisfaction, taken through the real services.

`cities`, `population`, `satisfaction`, `response` and `truth` are models without a database; `building`, `rounds`
and `reporting` use the services. May import everything but `cli`.
"""
