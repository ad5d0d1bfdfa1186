"""Telegram's protocol: the only files that know Telethon."""
