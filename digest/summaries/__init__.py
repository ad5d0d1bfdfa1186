"""What a story says: summaries without a model and with one, and what is let through."""
