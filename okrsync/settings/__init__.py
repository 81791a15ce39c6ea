"""What ``okrsync.yaml`` and the environment say, as one validated value.

Import from the modules below; this one stays empty, so that a help text costs nothing.
"""
