"""The words that all packages share. Imports none of them."""
