"""Stand-ins for the world outside the hospital, as one real HTTP server.

It imports nothing of ours: the product reaches it over sockets and through the providers' own
libraries. *World* is everything it remembers; a *person* (微信用户) owns a phone; the *wallet*
(钱包) is the only thing that pays; a *notice* (通知) is what WeChat Pay pushes to the product; a
*fault* is a switch that makes the outside misbehave once, or until it is taken back. *Shown* time
may run fast, *real* time never does: signatures, tokens and codes live on real time.
"""
