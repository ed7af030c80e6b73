"""Promise, move and withdraw messages; lease, deliver, record and settle them; read them.

Count credits; write templates; open, hand over and finish tasks.
"""
