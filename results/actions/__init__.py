"""File a report."""
