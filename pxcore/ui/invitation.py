"""Where telephones go to join: the address they can reach, and its QR code."""

from __future__ import annotations

from urllib.parse import urlsplit

import segno
import streamlit as st

from pxcore.analysis.workshop import admission, workshops
from pxcore.analysis.workshop.admission import Code
from pxcore.store import Store
from pxcore.ui import hosts


def address(seen_at: str) -> str:
    """Where people join, for telephones: by the first name of PX_ROOM, else as the app itself was asked for.

    seen_at : the address of the page that shows it, with its scheme.
    """
    seen = urlsplit(seen_at)
    names = hosts.room()
    if not names:
        return f"{seen.scheme}://{seen.netloc}{hosts.JOIN}"
    has_port = names[0].rsplit("]", 1)[-1].count(":") == 1
    port = "" if has_port else f":{st.get_option('server.port')}"
    return f"http://{names[0]}{port}{hosts.JOIN}"


def here() -> str:
    """The address by which the page that is drawn was asked for; this computer's own where none is known."""
    return str(st.context.url or f"http://localhost:{st.get_option('server.port')}/")


def only_here(seen_at: str) -> bool:
    """Whether no telephone can reach that address: it is this computer's own."""
    return (urlsplit(address(seen_at)).hostname or "") in hosts.LOOPBACK


def room_code(store: Store, workshop: str) -> Code | None:
    """The newest code of the room that still opens; None where there is none."""
    return _newest(store, workshop, remote=False)


def remote_code(store: Store, workshop: str) -> Code | None:
    """The same of the link for those who are not in the room."""
    return _newest(store, workshop, remote=True)


def _newest(store: Store, workshop: str, *, remote: bool) -> Code | None:
    at = workshops.now()
    opening = (code for code in admission.codes(store, workshop) if code.opens(at))
    return next((code for code in opening if code.remote is remote), None)


def picture(link: str) -> str:
    """The QR code of an address, as SVG that takes the room it is given."""
    svg: str = segno.make(link, error="m", micro=False).svg_inline(
        omitsize=True, dark="black", light="white", border=2, svgclass="qr", lineclass=None
    )
    return svg
