"""The ballot box at work: entering a code, drafts, sending, taking back, closing, counting, destroying.

What respondents' pages use (`code_entry`, `drafting`, `answering`, `taking_back`) imports neither NumPy nor documents.
"""
