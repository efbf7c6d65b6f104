"""Alters the protocol in one place at a time: does a check, a proof or a test patient notice?"""
