"""Open, withdraw and keep a charge; ask for a payment, settle it; promise and send a refund;
receive and apply the provider's notices; ask the provider about what stays open.
"""
