"""A labelled, provider-neutral stand-in for a Chinese SMS platform (短信平台).

No provider's own protocol: the parts that all of them have (signature 短信签名, template, phone,
parameters, an HMAC over the request) in one JSON call. Every answer names itself a mock.
"""
