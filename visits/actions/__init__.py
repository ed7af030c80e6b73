"""Begin and end a visit; place, pay, perform and withdraw an order."""
