"""Receive, mark paid, prepare, make ready, hand over, return, expire."""
