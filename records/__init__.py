"""Records: the story of a visit on paper, for the patient and for whoever may ask for it.

A *record* (就诊记录) is what happened at one visit, put together from every app below at the moment
it is asked for. An *issued record* remembers which paper said what, so that the same story is the
same paper and another story replaces it. A *copy request* (复印申请) is somebody at the counter of
the records office (病案室) asking for a patient's records: while it is open the clerk who took it
may read them.
"""
