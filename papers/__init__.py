"""Papers: what the hospital issues on paper or as PDF, sealed, and can be asked about later.

A *paper* (出具的文书) is one issued document: its signed bytes, its *code* (验证码) printed on
every page, its pages, its version. It is ISSUED until it is REVOKED. A *template* is a Typst
file; *drawing* typesets and seals without touching the database, *issuing* stores what was
drawn. A *verification* (验真) is one answer to somebody who asked whether a paper is genuine.
This app does not know what a paper is about: `kind` and `subject_id` belong to the issuer.
"""
