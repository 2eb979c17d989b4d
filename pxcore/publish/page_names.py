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
DECISIONS, PUBLIC, RECORD, WORKSHOP = "decisions", "said_did", "record", "workshop"
SECTIONS = PAGES | {
    DECISIONS: "Decisions", PUBLIC: "You said, we did", RECORD: "Workshop record",
}  # fmt: skip
# All that can be taken away, by the page that shows it.
LEAVING = PAGES | {DECISIONS: SECTIONS[DECISIONS], WORKSHOP: SECTIONS[RECORD]}
# Every page that a code calls back.
CODED = PAGES | {
    WORKSHOP: "Workshop", DECISIONS: "Decisions", "sources": "Sources", "alignment": "Alignment",
    "methods": "Methods",
}  # fmt: skip
