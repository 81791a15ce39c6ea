"""The command line: a command parses, calls a use case and prints what it returns.

One command group a file. Modules here import nothing heavy at their top, so that ``--help`` is
quick; what a command needs it imports when it runs.
"""
