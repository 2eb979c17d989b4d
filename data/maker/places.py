"""Invented names. Every place is a made-up word; tests check that no real provider bears it."""

from __future__ import annotations

_HEADS = [
    "Amber",
    "Brindle",
    "Cobble",
    "Dapple",
    "Elder",
    "Fenny",
    "Gorse",
    "Ivel",
    "Juniper",
    "Kestrel",
    "Linnet",
    "Marl",
    "Nettle",
    "Otter",
    "Pebble",
    "Quill",
    "Rook",
    "Sorrel",
    "Teasel",
    "Umber",
    "Vetch",
    "Yarrow",
    "Bracken",
    "Clover",
    "Drift",
    "Ember",
    "Finch",
    "Gosling",
    "Heron",
    "Larch",
    "Mallow",
    "Osier",
    "Plover",
    "Ravel",
    "Sedge",
    "Thistle",
    "Tansy",
    "Wren",
    "Burdock",
    "Curlew",
    "Dunlin",
    "Fescue",
    "Lapwing",
    "Medlar",
    "Quince",
    "Russet",
    "Saltern",
    "Tawny",
    "Wimble",
    "Corbel",
    "Dovel",
    "Farrow",
    "Gantry",
    "Harl",
    "Jessel",
    "Kirtle",
    "Mossel",
    "Orrin",
    "Pindle",
    "Skerry",
    "Tarrel",
]
_TAILS = ("mere", "garth", "stow", "thorpe", "combe", "beck", "minster", "holme", "wick", "den")

PLACES = tuple(
    head + _TAILS[(3 * position + turn * 7) % len(_TAILS)]
    for turn in range(3)
    for position, head in enumerate(_HEADS)
)
REGIONS = ("Northern Vale (invented)", "Southern Vale (invented)")
PRACTICE_FORMS = (
    "Surgery",
    "Medical Centre",
    "Health Centre",
    "Medical Practice",
    "Group Practice",
)
WARDS = (
    ("Acute Medical Unit", "300 - GENERAL MEDICINE", "326 - ACUTE INTERNAL MEDICINE"),
    ("Surgical Admissions", "100 - GENERAL SURGERY", "101 - UROLOGY"),
    ("Day Surgery", "100 - GENERAL SURGERY", ""),
    ("Elder Care", "430 - GERIATRIC MEDICINE", "300 - GENERAL MEDICINE"),
    ("Orthopaedics", "110 - TRAUMA & ORTHOPAEDICS", ""),
    ("Children's Ward", "420 - PAEDIATRICS", "171 - PAEDIATRIC SURGERY"),
    ("Cardiology", "320 - CARDIOLOGY", "340 - RESPIRATORY MEDICINE"),
    ("Stroke Unit", "328 - STROKE MEDICINE", "400 - NEUROLOGY"),
    ("Endoscopy", "301 - GASTROENTEROLOGY", ""),
    ("Gynaecology", "502 - GYNAECOLOGY", ""),
)
SITE_FORMS = ("Royal Infirmary", "General Hospital", "Community Hospital")
