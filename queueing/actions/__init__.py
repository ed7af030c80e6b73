"""Check in, join and return; call, call again, admit, miss, finish and leave."""
