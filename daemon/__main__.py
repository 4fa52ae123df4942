"""`python -m daemon`: the same as the command `gbatrace`."""

from daemon.cli import main

__all__: list[str] = []

if __name__ == "__main__":
    main()
