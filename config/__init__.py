"""Wiring only: settings, URLs, servers, timers. No rule of the hospital lives here."""
