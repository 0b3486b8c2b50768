"""From `lessons/<unit>.py` to an executed solution and a student notebook.

    lessons/<unit>.py ─sources─▶ notebook with fixed ids ─execute─▶ solutions/<unit>/<unit>.ipynb
                                            └────────────student──▶ notebooks/<unit>/<unit>.ipynb

`python -m vicourse.build` builds what changed; `--check` builds in memory and compares.
"""
