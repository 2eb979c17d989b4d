"""The only Streamlit inside pxcore: state, filters, showing, messages."""
