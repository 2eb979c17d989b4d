"""The pages that can leave, by the names of their files."""

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
