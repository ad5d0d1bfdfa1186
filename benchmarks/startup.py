"""How long a person waits: `python -m benchmarks.startup [--runs 7]`.

Whole processes, wall time, the median of several runs after a warm-up: `courant --help`, and `courant try` from its
start to the first line of its first answer.
"""

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

_COMMAND = [sys.executable, "-m", "app"]


def help_time() -> float:
    """Seconds that `courant --help` takes."""
    began = time.perf_counter()
    subprocess.run([*_COMMAND, "--help"], check=True, capture_output=True)  # noqa: S603 - our own command
    return time.perf_counter() - began


def first_answer_time() -> float:
    """Seconds from the start of `courant try` to its first answer to /start."""
    began = time.perf_counter()
    with subprocess.Popen(  # noqa: S603 - our own command
        [*_COMMAND, "try"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("no pipes")
        process.stdin.write(b"/start\n")
        process.stdin.flush()
        while not process.stdout.readline().strip():
            if process.poll() is not None:
                raise RuntimeError("courant try ended without an answer")
        waited = time.perf_counter() - began
        process.stdin.close()
        process.stdout.read()
    return waited


def median_of(measure: Callable[[], float], runs: int) -> float:
    measure()
    return statistics.median(measure() for _ in range(runs))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    print("| what | median s | to reach |\n| --- | --- | --- |")
    print(f"| `courant --help` | {median_of(help_time, runs):.2f} | 0.5 |")
    print(f"| `courant try` to its first answer | {median_of(first_answer_time, runs):.2f} | 5 |")


if __name__ == "__main__":
    main()
