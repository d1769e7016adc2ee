"""Print what the main job costs in CPU time, step by step, beside the imports that it needs."""

from __future__ import annotations

import itertools
import tempfile
import time
from pathlib import Path


def main() -> None:
    """Run the job on the shipped Derby data once, cold, and print where the time goes."""
    marks = [("start", time.process_time())]

    def mark(step: str) -> None:
        marks.append((step, time.process_time()))

    import mapping as mp
    from mapping.outputs.folder import write_report

    mark("import the toolkit and its libraries")
    derby = mp.load_derby()
    mark("load and check the tables")
    run = mp.tag(derby)
    mark("tag, first time (framework made ready)")
    mp.tag(derby)
    mark("tag, again")
    with tempfile.TemporaryDirectory() as folder:
        write_report(run, Path(folder) / "run")
        mark("write the run folder")
    whole = marks[-1][1] - marks[0][1]
    print(f"CPU seconds of the main job on {len(run.priorities)} priorities, one process, cold")
    for (_, before), (step, after) in itertools.pairwise(marks):
        print(f"  {step:42} {after - before:6.2f} s  {(after - before) / whole:5.0%}")
    print(f"  {'in all':42} {whole:6.2f} s")


if __name__ == "__main__":
    main()
