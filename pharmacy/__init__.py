"""Prescriptions (处方): from the doctor's word to the drugs in the patient's hand.

A *prescription* is *issued* (开方), paid, *prepared* (调配), *ready* (待取药) at a *window* (窗口)
and *handed over* (发药) to whoever knows its *pick-up code* (取药码) and the end of the patient's
document number. It may be *returned* to the doctor (退回), *expires* at midnight, and is
*replaced* by its newer version; what was paid then goes back.
"""
