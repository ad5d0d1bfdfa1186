"""Channels read by accounts."""
