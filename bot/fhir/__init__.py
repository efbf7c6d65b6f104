"""The flow and its intakes as FHIR R4: pure, from codes and words to plain JSON.

Read in this order: `enabling` (when a question is asked, as one condition on a whole sheet of
answers), `enable_when` and `fhirpath` (that condition as the standard writes it), `code_systems`,
`questionnaire`, `bundle`. Addresses and small shared pieces are in `terms`.
"""
