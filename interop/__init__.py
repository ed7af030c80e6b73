"""The edges to the hospital's own systems (HIS, LIS): what arrives as HL7 v2 or FHIR.

A *sender* (发送方) is a system that is allowed to speak to us, with the *profile* of its dialect.
A message is *received* (stored as it came, encrypted), *acknowledged* (stored, not yet done), then
*applied* by the app whose noun it carries. What cannot be applied *waits* in a visible list with
its reason, and can be *replayed*.
"""
