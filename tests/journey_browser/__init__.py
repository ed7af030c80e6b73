"""The whole journey, clicked through in a browser against everything that `make run` starts."""
