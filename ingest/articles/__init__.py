"""Linked pages, and the articles in them."""
