"""Import the directory of a hospital."""
