"""What may be shown. Every figure that leaves `analysis` has passed `protect`."""

from pxcore.disclosure.floor import protect
from pxcore.disclosure.nested import splits_shown, totals_shown

__all__ = ["protect", "splits_shown", "totals_shown"]
