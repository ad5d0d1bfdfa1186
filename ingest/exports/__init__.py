"""Saved pages, exports and JSON Lines."""
