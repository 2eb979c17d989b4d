"""What may be shown. Every figure that leaves `analysis` has passed `protect`."""

from pxcore.disclosure.floor import floors_up_to, protect
from pxcore.disclosure.nested import splits_shown, totals_shown
from pxcore.disclosure.regrouped import Regrouped, areas_split, beside_earlier, told_apart

__all__ = [
    "Regrouped",
    "areas_split",
    "beside_earlier",
    "floors_up_to",
    "protect",
    "splits_shown",
    "told_apart",
    "totals_shown",
]
