"""Sign in by WeChat or by password, sign out, end one's other logins; make a ticket, use it; forget
what is over.

Enrol and block devices, make and spend their challenges; give a badge, take it back, open it, set
its PIN, sign in by it at a device.

Hire somebody, change their role, let them go, take them back; reset and change passwords;
bind, use and remove a second factor; connect the hospital's own sign-in service.

Ask for a one-time code, send the codes that are due, count a try, use a code.
"""
