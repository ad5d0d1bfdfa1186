"""A digest to a reader, a reader's wish to the database. The only place that knows aiogram and APScheduler."""

from bot import aiogram_types

aiogram_types.load()
