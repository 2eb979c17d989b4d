"""Work that goes on when a page is left: in a thread of its own, and kept until somebody asks for it again.

A page's script is given up wherever it next draws something, as soon as its reader presses anything. What
it was working out for seconds would be lost, and begun anew. Here the waiting is given up, not the work.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar

Result = TypeVar("Result")
Progress = Callable[[float], None]
THREADS = 2  # at once; more would only share the processors among them
LOOKS = 0.25  # seconds between two looks at how far it is
MOST_KEPT = 20  # finished and never asked for again: the oldest goes first


@dataclass
class _Job:
    done: float = 0.0  # share
    future: Future[Any] = field(default_factory=Future)


_pool = ThreadPoolExecutor(THREADS, thread_name_prefix="worker")
_jobs: dict[Hashable, _Job] = {}
_lock = Lock()


def waited_for(key: Hashable, work: Callable[[Progress], Result], progress: Progress) -> Result:
    """The result of `work`, begun now or by whoever asked for the same before.

    Parameters
    ----------
    key : the question in full; the same key is never worked on twice at once.
    work : is given what it calls with the share done, 0 to 1. It draws nothing.
    progress : is called with the share done until there is a result. What it raises ends the waiting alone.

    Raises
    ------
    Whatever `work` raises; it is begun anew when it is next asked for.
    """
    with _lock:
        job = _jobs.get(key)
        if job is None:
            job = _jobs[key] = _begun(work)
            _drop_the_oldest()
    while not wait([job.future], timeout=LOOKS).done:
        progress(job.done)
    with _lock:
        if _jobs.get(key) is job:
            del _jobs[key]
    result: Result = job.future.result()
    return result


def _begun(work: Callable[[Progress], Any]) -> _Job:
    job = _Job()

    def progress(share: float) -> None:
        job.done = share

    job.future = _pool.submit(work, progress)
    return job


def _drop_the_oldest() -> None:
    finished = [key for key, job in _jobs.items() if job.future.done()]
    for key in finished[: max(0, len(finished) - MOST_KEPT)]:
        del _jobs[key]


def forget() -> None:
    """Keep no result: after something is erased for good. What is still worked on ends unheard."""
    with _lock:
        _jobs.clear()
