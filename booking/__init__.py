"""Scarce places and who has them (预约挂号).

A *session* (出诊) is a doctor or a resource at work; a *slot* (时段) is a period of it; a *place*
(号) is one of the slot's rows, with at most one occupant: an *appointment* (预约).
"""
