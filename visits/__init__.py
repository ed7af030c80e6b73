"""Visits and orders: what happens between arriving and leaving, and what is to be done.

A *visit* (就诊, 住院) groups it. An *order* (申请, 医嘱) is one thing to be done: it is placed,
becomes ready when it is paid, is performed or withdrawn. Only an unperformed one is refunded.
"""
