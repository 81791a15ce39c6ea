"""Files that people write in YAML, as plain data that knows where each value stands.

Nothing in here knows what the data means: goals, mapping and settings bring their own models.
"""
