"""Money (收费): what patients owe, what they paid, what goes back to them.

A *charge* (收费项) is one thing owed; a *payment* (支付单) pays a list of charges through the
provider; a *notice* (通知) is the provider's signed word, kept as evidence; a *refund* (退款) is a
promise to give money back; a *ledger entry* (分录) moves an amount from one account to another.
`payments` sells nothing: each purpose has one answerer, which hears that its charge is paid.
"""
