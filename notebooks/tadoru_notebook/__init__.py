"""What the shipped notebooks and their runner are made of.

Nothing is imported here: the supervisor must start in milliseconds, AutoGluon takes seconds.
"""
