"""``python -m mapping`` is the command line."""

from mapping.cli import main

main(prog_name="mapping")
