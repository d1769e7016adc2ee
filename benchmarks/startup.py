"""Print what start-up costs in CPU time, interleaved with ``import pandas``: medians of the ratios, round by round."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys

ROUNDS = 9
CASES = {
    "python -c pass": ["-c", "pass"],
    "mapping --help": ["-m", "mapping", "--help"],
    "mapping report --help": ["-m", "mapping", "report", "--help"],
    "import mapping": ["-c", "import mapping"],
}
YARDSTICK = ["-c", "import pandas"]


def cpu_seconds(arguments: list[str]) -> float:
    """Return the CPU seconds, user and system, of a fresh interpreter."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Run every case once a round, in turn, and print the table."""
    seconds: dict[str, list[float]] = {name: [] for name in CASES}
    ratios: dict[str, list[float]] = {name: [] for name in CASES}
    for _ in range(ROUNDS):
        yardstick = cpu_seconds(YARDSTICK)
        for name, arguments in CASES.items():
            spent = cpu_seconds(arguments)
            seconds[name].append(spent)
            ratios[name].append(spent / yardstick)
    print(f"CPU time of a fresh process, {ROUNDS} interleaved rounds; ratio to 'import pandas': median [range]")
    for name in CASES:
        low, high = min(ratios[name]), max(ratios[name])
        print(
            f"  {name:24} {1000 * statistics.median(seconds[name]):6.0f} ms   "
            f"{statistics.median(ratios[name]):.2f} [{low:.2f} to {high:.2f}]"
        )


if __name__ == "__main__":
    main()
