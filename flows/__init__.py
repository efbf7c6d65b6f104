"""The conversation and the clinical logic: ids and codes only, no words, no clock, no network.

Read in this order: `answers`, `conditions` and `grammar` (what can be said about answers),
`models` (what a flow is made of), `loader` (the protocol as data), `interview` (which question
comes next), `assessment` (how urgent, which link), `conversation` and `machine` (what a patient
can do, and where it leads).
"""
