"""``python -m curator``: the same as the command ``curator``, where the folder of scripts is on no path."""

from curator.cli.main import main

if __name__ == "__main__":
    main()
