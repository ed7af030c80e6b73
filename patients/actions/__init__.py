"""Register a patient; know a patient by another system's number."""
