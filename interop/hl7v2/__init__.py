"""HL7 version 2, read without guessing: bytes in, frozen typed facts out.

`segments.read` makes a `Message` or raises `Unreadable` with a reason. `orders.read_order` and
`reports.read_report` turn a message into what the hospital talks about. Where Chinese laboratory
systems differ from the text of the standard, the sender's `SenderProfile` says how.
"""
