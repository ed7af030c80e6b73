"""Who is logged in (账户): WeChat identities, staff and their roles, one-time tickets.

An account is not a patient: a WeChat user may look after several, and a patient may have none.
"""
