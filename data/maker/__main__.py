"""python -m data.maker FOLDER: write every demonstration file anew."""

import argparse
from pathlib import Path

from data.maker import write

parser = argparse.ArgumentParser(prog="python -m data.maker", description=__doc__)
parser.add_argument("folder", type=Path, help="where the files go: data/demo in this repository")

if __name__ == "__main__":
    folder = parser.parse_args().folder
    print(f"{len(write(folder))} files written to {folder}.")
