"""Plays the hospital: loads the demonstration hospital (示范医院) that everything is tried in."""
