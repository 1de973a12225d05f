"""What a setting says of clothes: the norms of its trade as data, with their sources and dates.

Custom, not science, but for the few studies that are named. Nothing here depends on who wears it:
what counts on a picture (contrast, folds, patterns) is measured there, by
:mod:`catchlight.advice`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator

from catchlight.analysis.wardrobe.palette import PALETTE
from catchlight.params import Params

Text = Annotated[str, Field(min_length=8)]


class NormSource(Params):
    """What a norm rests on.

    Attributes
    ----------
    kind : str
        ``study`` and ``survey`` counted people; ``guide`` and ``law`` are rules that somebody
        wrote down; ``physics`` holds anywhere; ``custom`` is what the trade does, unstudied.
    where, date : str, where it was published, and when
    says : str, what it found, in words
    """

    kind: Literal["study", "survey", "guide", "law", "physics", "custom"]
    where: Text
    date: str = Field(pattern=r"^(about )?(19|20)\d\d(-\d\d)?$")
    says: Text


class Differs(Params):
    """Where the norms differ: between cultures, with religious dress, and that gender is no rule.

    Attributes
    ----------
    cultures, religious, gender : str
    """

    cultures: Text
    religious: Text
    gender: Text


class Wardrobe(Params):
    """What is customary to wear, in words, and how much is known about it.

    Attributes
    ----------
    custom, why : str
    formality, colours_why, patterns, jewellery : str
        Empty in a file of one's own that says nothing of them.
    colours : tuple of names of the palette, in the trade's own order
    avoid : tuple of str
    differs : Differs, optional
    sources : tuple of NormSource
    """

    custom: Text
    why: Text
    formality: str = ""
    colours: tuple[str, ...] = ()
    colours_why: str = ""
    patterns: str = ""
    jewellery: str = ""
    avoid: tuple[Text, ...] = ()
    differs: Differs | None = None
    sources: tuple[NormSource, ...] = ()

    @field_validator("colours")
    @classmethod
    def _known(cls, colours: tuple[str, ...]) -> tuple[str, ...]:
        for name in colours:
            if name not in PALETTE:
                raise ValueError(f"no cloth is called {name!r}; there are {', '.join(PALETTE)}")
        return colours

    def rows(self) -> list[tuple[str, str]]:
        """All of it as pairs of a word and a text, for whoever prints it; what is empty is out."""
        differs = self.differs
        rows = [
            ("wardrobe", f"{self.custom} {self.why}"),
            ("formality", self.formality),
            ("colours", f"{', '.join(self.colours)}. {self.colours_why}" if self.colours else ""),
            ("patterns", self.patterns),
            ("jewellery", self.jewellery),
            ("avoid", " ".join(self.avoid)),
            ("cultures", differs.cultures if differs else ""),
            ("religious dress", differs.religious if differs else ""),
            ("gender", differs.gender if differs else ""),
            *(("rests on", say_source(source)) for source in self.sources),
        ]
        return [(word, text) for word, text in rows if text]


def say_source(source: NormSource) -> str:
    """A source in one sentence."""
    return f"{source.where} ({source.kind}, {source.date}): {source.says}."


#: What is formal where, in a sentence: custom of the places, told by those who live there and not
#: by any study that we know of. Nobody has to wear what a region does.
REGIONS: dict[str, str] = {
    "africa": "Agbada, kaftan, kitenge, kente, shweshwe and habesha dress are formal beside suits; "
    "strong prints are customary, wide ones hold in small copies (custom; no study known).",
    "east-asia": "Dark plain suits are usual in Japan and Korea, softer business casual in much "
    "of China; kimono and hanbok are dress for high occasions (custom; no study known).",
    "europe": "Plain middle and dark tones; the north dresses down, law, banks and the south "
    "dress up. Public servants in some countries have codes of their own (custom; no study known).",
    "latin-america": "Business dress is a step more formal than in the north; guayabera and ruana "
    "are formal where they are worn (custom; no study known).",
    "middle-east": "Thobe, kandura, abaya and headscarf are business dress beside suits; white "
    "thobes need a ground that is not white (custom; no study known).",
    "north-america": "Business casual in most trades, suits in law and finance; regalia and "
    "ribbon shirts are formal dress of those whose they are (custom; no study known).",
    "oceania": "Business casual is usual; woven, printed and Indigenous dress is formal on those "
    "whose it is (custom; no study known).",
    "south-asia": "Sari, salwar kameez, kurta, bandhgala and sherwani are business dress beside "
    "suits; turban and dupatta belong to it (custom; no study known).",
    "south-east-asia": "Batik, barong, ao dai and baju are formal in their own right; light cloth "
    "suits the climate and needs a darker ground (custom; no study known).",
}
