"""What we owe people in words, its delivery, and the tasks a person must finish.

A *template* says what is told, how urgent it is and who may read it. A *message* (消息) is one
telling of it to one account: promised in the transaction of the change that owes it, delivered by
a sweep, always in the in-app inbox. A *credit* is one subscription message that WeChat will take.
A *task* (任务) is what a machine could not finish and a person must.
"""
