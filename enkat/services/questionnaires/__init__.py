"""Questionnaires on paper: the words and the layout of a form, from the same snapshot as the web's pages."""
