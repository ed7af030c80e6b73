"""Sign in by WeChat or by password, sign out; make a ticket, use it; forget what is over.

Hire somebody, change their role, let them go, take them back; reset and change passwords;
bind, use and remove a second factor.
"""
