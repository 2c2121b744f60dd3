"""`python -m mailgate`, and the entry point of the program `mailgate`."""

from mailgate.cli import main

if __name__ == "__main__":
    main()
