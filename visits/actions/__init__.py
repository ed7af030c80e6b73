"""Begin and end a visit; place, pay, perform and withdraw an order.

Look for one person; read without a care relation; mark who is always asked about; judge what was
read; allow more reading; watch for what is unusual; seal the access log.
"""
