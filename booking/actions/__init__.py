"""Import and publish a rota; book, hold, confirm, lapse and cancel; close a session and
resolve it.
"""
