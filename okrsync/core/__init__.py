"""The pure heart of okrsync: goals, work, signals, verdicts, labels, plans.

Nothing in here reads a file, a socket or a clock; everything is a function of its arguments.
"""
