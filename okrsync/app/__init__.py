"""What okrsync does, as use cases over ports: they decide nothing that `core` can decide.

Data goes one way: pull, judge, plan, guard, apply. `plan` is the pass that stops before the last.
"""
