"""A day of the hospital, played from outside by people and machines who know its edges alone.

The stage (舞台) is production's processes on loopback; the pace (步调) is the clock they all read;
players (角色) act through public edges and keep diaries (日记) of what they were told; readers
compare the diaries, and the database, with what must always hold. `python -m rehearsal.day`.
"""
