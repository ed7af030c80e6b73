"""Stays on a ward (住院): from the doctor's request to going home with the balance returned.

An *admission* is asked for (住院证), takes one bed of a ward, and ends. A *wristband* (腕带)
carries its code, which is nobody's number. A *deposit* (预交金) is money asked for before it is
used; a *balance* (补缴) is what the bill exceeds it by. A *daily list* (每日清单) holds the *lines*
charged for one date; a wrong line is never changed but *reversed* by another. The *bill* is all
of it together.
"""
