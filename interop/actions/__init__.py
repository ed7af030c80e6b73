"""Introduce a sender; receive, apply, replay and dismiss what it sends."""
