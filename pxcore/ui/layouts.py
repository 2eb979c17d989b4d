"""Layouts a person has had remembered: listed, renamed, changed, deleted, put back, taken elsewhere."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from pxcore import maps
from pxcore.errors import PxError
from pxcore.ingest.cells import key as folded
from pxcore.ingest.profile import HOLDS, Profile, from_json, headings_of, to_json
from pxcore.ui import exact, show, state, wizard


def panel() -> None:
    """Every remembered layout with what can be done to it; one from a file can be added."""
    layouts = state.profiles()
    st.markdown(
        "A file with these headings is recognised by itself."
        if layouts
        else "None yet. A layout is remembered when a file that is not recognised has been explained, or "
        "brought in from a file."
    )
    _undo()
    for profile in layouts.values():
        _layout(profile)
    _bring_in(layouts)


def _layout(profile: Profile) -> None:
    key = f"layout {profile.name}"
    whose = maps.source(profile.source)["title"] if profile.source else "Organisations"
    with st.expander(
        f"{show.escape(profile.name)}: {show.escape(whose)}", icon=":material/table_view:", key=key
    ):
        heads = ", ".join(
            f"‘{show.escape(head)}’" for head in dict.fromkeys(headings_of(profile).values())
        )
        st.caption(f"A row holds {HOLDS[profile.holds]}. Headings: {heads}.")
        with st.form(f"{key} form", border=False):
            name = folded(
                st.text_input("Name", value=profile.name, max_chars=60, key=f"{key} name")
            )
            if st.form_submit_button("Rename", icon=":material/edit:"):
                _rename(profile, name.replace(" ", "_"))
        st.download_button(
            "Save as a file",
            data=to_json(profile),
            file_name=f"layout-{profile.name}.json",
            mime="application/json",
            icon=":material/download:",
            on_click="ignore",
            key=f"{key} save",
            disabled=exact.is_on(),
        )
        with st.popover("Delete", icon=":material/delete:"):
            st.markdown(
                "Files loaded with it stay. New files of this layout will have to be explained again."
            )
            st.button(
                "Delete this layout",
                type="primary",
                key=f"{key} delete",
                on_click=_delete,
                args=(profile,),
            )
        if st.toggle("Change it", key=f"{key} change"):
            changed = wizard.edit(profile)
            if changed is not None:
                state.save_profile(changed, profile.name)
                st.rerun()


def _rename(profile: Profile, name: str) -> None:
    if not name or name == profile.name:
        return
    if name in state.profiles():
        st.warning(f"A layout called ‘{show.escape(name)}’ is remembered already.")
        return
    state.save_profile(replace(profile, name=name), profile.name)
    st.rerun()


def _delete(profile: Profile) -> None:
    state.delete_profile(profile.name)
    state.keep("deleted_layout", profile)


def _undo() -> None:
    """The layout deleted last can be put back while this tab is open."""
    deleted = state.value_of("deleted_layout")
    if isinstance(deleted, Profile) and deleted.name not in state.profiles():
        st.button(
            f"Undo: put back ‘{show.escape(deleted.name)}’",
            icon=":material/undo:",
            key="undo_layout",
            on_click=state.save_profile,
            args=(deleted,),
        )


def _bring_in(layouts: dict[str, Profile]) -> None:
    round_ = state.value_of("layout_round", 0)
    file = st.file_uploader(
        "Bring in a layout saved as a file", type=["json"], key=f"layout file {round_}"
    )
    if file is None:
        return
    try:
        profile = from_json(file.getvalue().decode("utf-8-sig"))
    except UnicodeDecodeError:
        st.warning("The file is not text: it is no saved layout.")
        return
    except PxError as problem:
        st.warning(show.escape(str(problem)))
        return
    taken = layouts.get(profile.name)
    if taken == profile:
        st.info(f"‘{show.escape(profile.name)}’ is remembered already, as it is in the file.")
    elif st.button(
        f"{'Replace' if taken else 'Remember'} ‘{show.escape(profile.name)}’",
        type="primary",
        icon=":material/save:",
        key="bring_in",
    ):
        state.save_profile(profile)
        state.keep("layout_round", round_ + 1)
        st.rerun()
