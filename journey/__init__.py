"""The journey: one patient's day in order, and one list of what is due.

It owns no table and changes nothing. A *day* is made of the *steps* that every app below answers
with (`visits.asking.day_steps_from`); the phone's home page (首页) shows it, and what waits.
"""
