"""Reports (报告): what a laboratory or an examination room found for an order.

A *report* has *versions*: preliminary (初步), final (审核), corrected (修订), withdrawn (撤回). The
newest version counts, whatever the order in which they arrive: by the laboratory's own time of
issue, then by status, then by arrival. Values and reference intervals are shown as they were sent.
"""
