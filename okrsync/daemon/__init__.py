"""The daemon: a timetable, workers for each tracker, and everything that keeps them going."""
