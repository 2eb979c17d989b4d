"""Where the app and its data are, the user's own database, and what is kept between starts. A leaf."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

APP_FOLDER = "patient-experience-agreement"
CODE = Path(__file__).resolve().parent
# app.py, pages, data and .streamlit: in an installed program a folder of the package, else beside it
HOME = CODE / "app" if (CODE / "app").is_dir() else CODE.parent
DATA = HOME / "data"


def own_database() -> Path:
    """PX_DATABASE where it is set, else a file in the user's data folder."""
    named = os.environ.get("PX_DATABASE")
    if named:
        return Path(named).expanduser()
    return Path(platformdirs.user_data_dir(APP_FOLDER, appauthor=False)) / "own.duckdb"


def demonstration_workshops() -> Path:
    """Where workshops on the demonstration are kept: beside the user's own database, for the demonstration
    itself is made anew and nothing done to it stays."""
    own = own_database()
    return own.with_name(f"{own.stem}-demonstration-workshops{own.suffix}")


def kept_folder() -> Path:
    """Where what can be made anew is kept between starts: the user's folder for caches."""
    return Path(platformdirs.user_cache_dir(APP_FOLDER, appauthor=False))
