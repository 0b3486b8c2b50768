"""A class of made-up students, from release to marks, in a folder of its own.

`python -m vicourse.rehearse UNIT` prints the marks that each should get beside those that came out.
"""
