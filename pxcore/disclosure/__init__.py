"""What may be shown. Every figure that leaves `analysis` has passed `protect`."""

from pxcore.disclosure.floor import protect

__all__ = ["protect"]
