"""The round's private key in the holders' hands: made, rehearsed, combined, re-split and at last destroyed."""
