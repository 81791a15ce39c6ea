"""Judges goals and work against the method: one rule a file, one engine, waivers with a reason.

Pure. It reports and never repairs; work comes to it judged, one item at a time. Import from the
modules: whoever needs a value of `rule` or `policy` must not load every rule for it.
"""
