"""The person treated (患者): identity, who may act for them, who read their record.

A *person* is an entry of the deployment's directory: a blind index and nothing else. A *patient*
is that person in one hospital. A *grant* lets an account act for a patient within scopes.
"""
