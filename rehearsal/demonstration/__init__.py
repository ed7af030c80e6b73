"""The demonstration hospital: what it is, who works there, what it says.

`files/alone` is its directory and rota where no other data are at hand; `files/always` is what the
demonstration needs whatever it stands on. Both are made up, in the shapes that the imports read.
"""
