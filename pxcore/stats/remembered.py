"""Fits that take a while, made once for the same numbers: another page, area or scenario may ask again."""

from __future__ import annotations

import hashlib
import pickle
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import ParamSpec, TypeVar

MOST = 500  # results kept of one function; that asked for least lately goes first
Asked = ParamSpec("Asked")
Result = TypeVar("Result")


def remembered(work: Callable[Asked, Result]) -> Callable[Asked, Result]:
    """A function of numbers and arrays that keeps what it made of the same ones.

    It makes the same of the same, and what it makes is frozen. Kept is a digest of what it was asked, not the
    numbers.
    """
    kept: OrderedDict[bytes, Result] = OrderedDict()
    lock = Lock()

    @wraps(work)
    def answer(*args: Asked.args, **details: Asked.kwargs) -> Result:
        asked = hashlib.sha256(pickle.dumps((args, sorted(details.items())))).digest()
        with lock:
            if asked in kept:
                kept.move_to_end(asked)
                return kept[asked]
        made = work(*args, **details)
        with lock:
            kept[asked] = made
            while len(kept) > MOST:
                kept.popitem(last=False)
        return made

    return answer
