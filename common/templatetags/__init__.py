"""Template tags every screen may load."""
