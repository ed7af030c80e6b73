"""Attacks on the product from outside: each is stopped, and each is seen."""
