"""SQL databases as okrsync uses them: opened safely, migrated, and explained when they fail.

Nothing in here knows a table: the store and the goals in a database bring their own.
"""
