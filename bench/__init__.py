"""What the house can carry, measured on PostgreSQL in production's layout.

Each bench measures its limit in the same run and ends with one line of JSON.
"""
