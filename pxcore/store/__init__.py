"""The only user of DuckDB. Knows frames and tables; knows no file format."""

from pxcore.store.database import Store

__all__ = ["Store"]
