"""The pages that can leave, by the names of their files, and every section of what leaves."""

PAGES = {
    "overview": "Overview",
    "divergence": "Divergence",
    "agreement": "Agreement",
    "provider": "Provider",
    "trends": "Trends",
    "themes": "Themes",
    "groups": "Groups",
    "what_if": "What if",
}
# Those that stand beside no question of sources.
DECISIONS, PUBLIC, RECORD = "decisions", "said_did", "record"
SECTIONS = PAGES | {
    DECISIONS: "Decisions", PUBLIC: "You said, we did", RECORD: "Workshop record",
}  # fmt: skip
