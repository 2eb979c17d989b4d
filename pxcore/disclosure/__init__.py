"""What may be shown. Every figure that leaves `analysis` has passed `protect`."""

from pxcore.disclosure.floor import floors_up_to, protect
from pxcore.disclosure.nested import splits_shown, totals_shown

__all__ = ["floors_up_to", "protect", "splits_shown", "totals_shown"]
