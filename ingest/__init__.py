"""Telegram to a clean, stored post."""
