"""What keeps the house in order: installing, supervising, documenting."""
