"""XMP: the history of a result as a packet of plain metadata, in every format's own place.

Properties are those of the IPTC Photo Metadata Standard 2025.1 (DigitalSourceType, AISystemUsed,
AISystemVersionUsed) and of XMP parts 1 and 2 (CreatorTool, History). No date, no identifier: the
same photo and look give the same bytes, and no two files can be told to be of one person.
"""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from catchlight import __version__
from catchlight.provenance.history import SUPER_RESOLUTION, History, say_history
from catchlight.provenance.terms import ADDRESS

#: The program as metadata names it.
TOOL = f"Catchlight {__version__}"
_NAMESPACES = {
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
    "stEvt": "http://ns.adobe.com/xap/1.0/sType/ResourceEvent#",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
}


def write_packet(history: History, *, bare: bool = False) -> bytes:
    """Write the packet.

    Parameters
    ----------
    history : History
    bare : bool
        Only the term and the program: nothing of the photo, and no history.

    Returns
    -------
    bytes, UTF-8
    """
    told = {"Iptc4xmpExt:DigitalSourceType": ADDRESS + history.term, "xmp:CreatorTool": TOOL}
    told |= _name_system(history, bare=bare)
    events = "" if bare else _write_events(say_history(history))
    spaces = "".join(f' xmlns:{name}="{address}"' for name, address in _NAMESPACES.items())
    fields = "".join(f" {name}={quoteattr(value)}" for name, value in told.items())
    packet = (
        '<?xpacket begin="\N{ZERO WIDTH NO-BREAK SPACE}" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="{TOOL}">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about=""{spaces}{fields}>{events}</rdf:Description>'
        '</rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
    )
    return packet.encode()


def _name_system(history: History, *, bare: bool) -> dict[str, str]:
    """Name what painted pixels: our network, or the system that the photo named."""
    origin, names = history.origin, []
    if not bare and (origin.system or origin.generator):
        names.append(" ".join(filter(None, (origin.system or origin.generator, origin.version))))
    if history.network:
        names.append(SUPER_RESOLUTION)
    if not names:
        return {}
    told = {"Iptc4xmpExt:AISystemUsed": "; ".join(names)}
    if history.network:
        told["Iptc4xmpExt:AISystemVersionUsed"] = TOOL
    return told


def _write_events(said: list[str]) -> str:
    events = "".join(
        f'<rdf:li stEvt:action="edited" stEvt:softwareAgent={quoteattr(TOOL)} '
        f"stEvt:parameters={_quote(words)}/>"
        for words in said
    )
    return f"<xmpMM:History><rdf:Seq>{events}</rdf:Seq></xmpMM:History>" if events else ""


def _quote(words: str) -> str:
    """An attribute in double quotes, whatever is in it."""
    return '"' + quoteattr(words)[1:-1].replace('"', "&quot;") + '"'
