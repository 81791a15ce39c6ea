"""okrsync keeps OKRs and the tickets that are meant to serve them honestly connected."""

__version__ = "0.1.0"
