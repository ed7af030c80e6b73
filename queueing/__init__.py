"""Who waits where, and who is called (候诊, 叫号).

A *queue* (队列) is the line of one session. A *ticket* (号票) is one patient's place in it, with a
*rank* that says when their turn comes. Everything that is done to a queue is an *entry* of its log,
and the calling order can be recomputed from the log alone.
"""
