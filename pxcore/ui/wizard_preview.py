"""The first rows of what the wizard reads, as they would be loaded."""

from __future__ import annotations

import streamlit as st

from pxcore.analysis.files import load
from pxcore.ingest import Request, Workbook, mapping
from pxcore.ingest.profile import Profile
from pxcore.ui import messages, show, state
from pxcore.ui.columns import configured
from pxcore.words.columns import Column, columns

# What a person reads of the frames of a file; of the frames' further columns, some are not shown.
PREVIEW = columns(
    [
        *("measure", "grain", "period_start", "period_end", "respondents", "positive", "value", "withheld"),
        *("parent", "parent_grain", "old_code", "new_code", "succeeded_on", "opened", "closed", "cell"),
        *(Column.of(name, "unit") for name in ("provider", "code")),
        *(Column.of(name, "reported_name") for name in ("provider_name", "name")),
    ]
)  # fmt: skip
NOT_SHOWN = ("source", "service", "period_approximate", "base_weighting")


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
                column_config=dict.fromkeys(NOT_SHOWN)
                | configured(shown, [column for column in PREVIEW if column.name in shown]),
                key=f"{key} preview {name}",
                alt="The first rows as they would be read",
            )
    if asks:
        st.caption("The period is asked for next.")
    messages.faults(
        [fault for fault in state.faults_masked(extract) if not (asks and fault.needs == "period")]
    )
    return bool(extract.errors) and not asks
