"""Two independent readers of a rehearsed day: one of the database, one of the outsiders' diaries.

Neither uses the application's code, and neither reads what the other reads.
"""
