"""Flask, and only here: the app, its extensions and one folder per audience with views, forms and templates.

Audiences never import each other; all may use `shared`. `respondent` never reaches statistics or SciPy.
"""
