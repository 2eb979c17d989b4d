"""Do our sources of patient experience agree? Everything but the pages; no Streamlit outside ui/."""
