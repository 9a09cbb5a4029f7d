"""What worries those who ask or key: noted per unit without the person, and handed to the lex Sarah function."""
