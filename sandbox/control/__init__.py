"""The controls: what a test or a rehearsal does to the outside world, and what it reads there."""
