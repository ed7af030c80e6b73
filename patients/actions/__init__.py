"""Register a patient; know a patient by another system's number.

Add a document; ask the check port about it, verify it, declare it void.

Open a merge review; join two patients, keep them apart, split them again. Mark a person deceased,
and undo it. Compare new patients with those who are known.

Ask to close one's account; take that back; close the accounts whose week is over.
"""
