"""What is proved of the protocol, for every combination of answers (`check --prove`).

`properties` names each property with its sentence and needs nothing but Python; `encoding` and
`proofs` hand the flow's own conditions to the z3 solver, a development dependency, and are imported
only when somebody asks for a proof.
"""
