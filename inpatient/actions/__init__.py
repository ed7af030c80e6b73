"""Ask for an admission or withdraw it, admit, ask for a deposit or for the balance, hear that it
was paid, charge a day's line or reverse it, discharge.
"""
