"""A page with every picture of the demonstration, for the browser to draw."""

import streamlit as st

from pxcore.analysis.files.demonstration import load_demonstration
from pxcore.charts.specification import specification
from pxcore.charts.theme import palette
from tests.charts.gallery import pictures


@st.cache_resource(show_spinner=False)
def gallery() -> dict:
    return pictures(load_demonstration())


st.title("Every picture")
ground = palette(str(st.context.theme.type or "light"))
for name, (draw, question) in gallery().items():
    st.subheader(name, anchor=False)
    st.vega_lite_chart(spec=specification(draw, ground, "Synthetic data", *question).vega, key=name)
st.markdown("All are drawn.")
