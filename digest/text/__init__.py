"""What a text says: its sentences, names, numbers and dates, and whether it bears another out."""
