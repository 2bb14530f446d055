"""Operations: one module for each command that needs several layers.

A study enters by name; a report of what the command wrote or changed leaves. Each module can be
read alone: start with the one that has the name of the command. ``open_study``, for work in a
notebook, returns what is in `study_frames`.
"""
