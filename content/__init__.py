"""Every word and picture that a person sees, by language; no logic.

A language is one folder of YAML: `questions`, `results` and `interface`. `loader` holds it against
the flow and refuses a gap. `markup` is the little formatting that texts may carry.
"""
