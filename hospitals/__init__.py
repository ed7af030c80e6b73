"""Hospitals (医院), their mini-program and merchant, and their versioned policy.

Every row of the house but accounts and the directory of persons belongs to a hospital.
"""
