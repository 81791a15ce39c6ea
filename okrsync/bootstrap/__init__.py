"""The one place that joins ports to things, by what somebody needs of them.

Import from the module that wires just that: what a command does not need is not loaded.
"""
