"""Operations: one module for each command that needs several layers.

A study enters by name; a report of what the command wrote or changed leaves. Each module stands
alone: start with the one that has the name of the command. `study_frames` is what ``open_study``
returns to those who work in a notebook.
"""
