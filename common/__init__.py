"""What every app may use; knows no hospital noun.

A *command* is the one durable transaction of an edge. An *action* is what can happen inside it.
A *promise* is a row written in the same transaction; an *announcement* is an event of a *stream*.
"""
