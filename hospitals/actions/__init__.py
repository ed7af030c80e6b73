"""Open a hospital; decide its policy."""
