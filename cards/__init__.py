"""Cards (就诊卡): what a patient shows, and what it may be read for.

A *card* is a number or a phone that stands for a patient: the virtual card of our own pages, the
hospital's plastic card, the electronic health card (电子健康卡) and the insurance credential
(医保电子凭证). One person has several. A *code* is what the virtual card shows for one *use*:
signed, good for 60 seconds, once. A static number alone proves nothing: it wants a birth date.
"""
