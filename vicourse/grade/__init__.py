"""Grade a folder of submissions: each by itself, so that one failure never touches another.

    submitted/<student>/<unit>/<unit>.ipynb
      ─reading─▶ the bytes of a regular file, a notebook
      ─clean───▶ our tests, metadata and tags; the student's answers and cells
      ─runner──▶ outputs; the only place where student code runs
      ─score───▶ gradebook.db and autograded/

`python -m vicourse.grade UNIT` grades all; `docs/teaching.md` says what it does with what it finds.
"""
