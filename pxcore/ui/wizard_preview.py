"""The first rows of what the wizard reads, as they would be loaded."""

from __future__ import annotations

import streamlit as st

from pxcore.analysis.files import load
from pxcore.ingest import Request, Workbook, mapping
from pxcore.ingest.profile import Profile
from pxcore.ui import messages, show, state

_DAY = st.column_config.DateColumn

PREVIEW_COLUMNS = {
    "source": None,
    "measure": "Measure",
    "grain": "Level",
    "provider": "Code",
    "provider_name": "Name",
    "service": None,
    "period_start": _DAY("From", format="D MMM YYYY"),
    "period_end": _DAY("To", format="D MMM YYYY"),
    "period_approximate": None,
    "respondents": "Answers",
    "positive": "Positive",
    "value": st.column_config.NumberColumn("Result", format="%.3f"),
    "withheld": "Withheld",
    "base_weighting": None,
    "code": "Code",
    "name": "Name",
    "parent": "Belongs to",
    "parent_grain": "Level of that",
    "old_code": "Code before",
    "new_code": "Code since",
    "succeeded_on": _DAY("Since", format="D MMM YYYY"),
    "opened": _DAY("Opened", format="D MMM YYYY"),
    "closed": _DAY("Closed", format="D MMM YYYY"),
    "cell": "Row",
}


def preview(profile: Profile, workbook: Workbook, may_ask: bool, key: str) -> bool:
    """What would be read; whether something stands in the way."""
    extract = mapping.parse_with(profile, workbook, Request())
    asks = may_ask and "period" in extract.needs and profile.period.found_in == "ask"
    st.caption(
        f"{extract.rows_accepted:,} of {extract.rows_in:,} rows"
        + "".join(f" · {rows:,} left out: {why}" for why, rows in extract.rows_rejected.items())
    )
    for note in extract.notes:
        st.caption(show.escape(note))
    for name, frame in extract.frames.items():
        shown = load.preview(extract, name)
        if name == "response":
            st.markdown(show.escape(load.counted(frame)))
        elif not shown.empty:
            st.dataframe(
                shown,
                hide_index=True,
                column_config=PREVIEW_COLUMNS,
                key=f"{key} preview {name}",
                alt="The first rows as they would be read",
            )
    if asks:
        st.caption("The period is asked for next.")
    messages.faults(
        [fault for fault in state.faults_masked(extract) if not (asks and fault.needs == "period")]
    )
    return bool(extract.errors) and not asks
