"""Sign in by WeChat or by password, sign out; make a ticket, use it; forget what is over."""
