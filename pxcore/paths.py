"""Where the user's own database is, and what is kept between starts. A leaf."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

APP_FOLDER = "patient-experience-agreement"


def own_database() -> Path:
    """PX_DATABASE where it is set, else a file in the user's data folder."""
    named = os.environ.get("PX_DATABASE")
    if named:
        return Path(named).expanduser()
    return Path(platformdirs.user_data_dir(APP_FOLDER, appauthor=False)) / "own.duckdb"


def kept_folder() -> Path:
    """Where what can be made anew is kept between starts: the user's folder for caches."""
    return Path(platformdirs.user_cache_dir(APP_FOLDER, appauthor=False))
