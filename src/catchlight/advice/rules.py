"""What the clothes of a picture suggest for the next one: one rule, one sentence, one figure.

Every rule keeps silent where its figure is doubtful: a false sentence is worse than none. What no
rule can tell (lettering, a badge, who would like what) is left to whoever looks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from catchlight.advice.figure import Figure
from catchlight.advice.measure import Worn
from catchlight.advice.words import WORDS

#: Share of the outline around the shoulders from which it merges with the ground, or stands out
#: from it, and how much of it may be lost then [judgement, looked at on 212 photos].
_MERGES, _STANDS, _LOST = 0.55, 0.85, 0.05
#: CIEDE2000 between cloth and face under which a neckline is lost when small [judgement].
_SKINLIKE = 12.0
#: Shares of burnt and of blocked cloth that are worth a word.
_BURNT, _BLOCKED = 0.10, 0.45
#: Contrast of a pattern in L* from which it is one for sure; and from which it is where so much of
#: another colour lies among the cloth. Of 162 photos plain cloth has up to 2.3, a tie on it 2.7.
_BUSY, _MIXED = (3.2, 2.6), 0.12
#: Share of the places with an even pattern from which the clothes have it, and its contrast in L*
#: from which it is strong. On 162 photos plain cloth has up to 0.14, armour 0.18; stripes, dots,
#: tweed, ribs and crochet 0.23 to 0.7, a pinstripe of a contrast of 3, ribs 4, bold ones 10 up.
_EVEN, _BOLD = 0.22, 5.0
#: Share of a lens that mirrors.
_GLARE = 0.04
#: A photo that ends so close below the chin, mm, has next to no clothes in it.
_CLOSE = 35.0
#: A photo that ends so close below it shows a collar and little more: a wider one would tell more
#: of clothes that could not be told in it, where so much of what it shows there is skin or hair. A
#: headshot of head and shoulders ends at about 150 mm.
_WIDER, _BARE = 130.0, 0.55
#: Share of the cloth that has to be of one colour where "your clothes" are said to have it.
_MOST = 0.55


@dataclass(frozen=True)
class Advice:
    """One thing to do, with its reason.

    Attributes
    ----------
    topic : str
    code : str, a key of :data:`~catchlight.advice.words.WORDS`
    value, unit : float or None, str; what was measured
    sure : float, 0..1
    weight : float, by which advice is ranked
    named : mapping of a hole in the sentence to what fills it: a colour of the palette or a figure
    """

    topic: str
    code: str
    value: float | None
    unit: str
    sure: float
    weight: float
    named: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The advice with its reason, in plain words."""
        said = {hole: name.replace("-", " ") for hole, name in self.named.items()}
        return WORDS[self.code].format(**said)


def tell_range(worn: Worn, *, known: bool) -> list[Advice]:
    """Burnt and blocked cloth.

    White that is burnt is neither skin nor hair, so it is said of clothes that are told apart less
    surely, too; what is blocked may be hair on them.
    """
    found = []
    burnt, blocked = worn.figures["burnt"], worn.figures["blocked"]
    if burnt.value > _BURNT:
        found.append(Advice("burnt", "burnt", burnt.value, burnt.unit, burnt.sure, 0.9))
    if known and blocked.value > _BLOCKED:
        found.append(Advice("blocked", "blocked", blocked.value, blocked.unit, blocked.sure, 0.6))
    return found


def tell_outline(worn: Worn) -> list[Advice]:
    """The outline around the shoulders against the ground, be it cloth, hair or skin."""
    lost, seen = worn.figures.get("edge_lost"), worn.figures.get("edge_seen")
    if not lost or not seen:
        return []
    if lost.value > _MERGES:
        return [Advice("ground", "merges", lost.value, lost.unit, lost.sure, 0.8)]
    if seen.value > _STANDS and lost.value < _LOST:
        return [Advice("stands", "stands", seen.value, seen.unit, seen.sure, 0.3)]
    return []


def tell_contrast(worn: Worn) -> list[Advice]:
    """Cloth against the face in colour.

    How much lighter it is than the face is not said: of one shirt before one wall it would be said
    to the darker of two sitters alone.
    """
    figures: Mapping[str, Figure] = worn.figures
    found: list[Advice] = []
    near = figures.get("from_face")
    if not worn.cloths or worn.cloths[0][1] < _MOST:
        return found
    if near and near.value < _SKINLIKE and not worn.colourless:
        found.append(Advice("skin", "skin", near.value, near.unit, near.sure, 0.7))
    return found


def tell_pattern(worn: Worn) -> list[Advice]:
    """A pattern that is one for sure: of strong contrast, or of several colours."""
    figure, mixed = worn.figures.get("pattern"), worn.figures.get("colours_mixed")
    if figure is None or mixed is None:
        return []
    if figure.value < (_BUSY[1] if mixed.value >= _MIXED else _BUSY[0]):
        return []
    return [Advice("busy", "busy", figure.value, figure.unit, figure.sure, 0.5)]


def tell_even(worn: Worn) -> list[Advice]:
    """Stripes, checks or dots that come back evenly, as no fold, knit or noise does.

    Cloth alone is even: neither skin nor hair nor ground that were taken for some would be, so this
    is said of clothes that are not told apart, too.
    """
    even, contrast = worn.figures.get("even"), worn.figures.get("even_contrast")
    if even is None or contrast is None or even.value < _EVEN:
        return []
    code = "busy" if contrast.value >= _BOLD else "fine"
    return [Advice("busy", code, contrast.value, contrast.unit, 1.0, 0.5)]


def tell_unseen(worn: Worn, found: Sequence[Advice]) -> list[Advice]:
    """That the clothes could not be told, and whether a wider picture would help.

    Nothing where something of them, or of the outline, is said already, but that a wider picture
    would tell more. Nothing is guessed of why: bare shoulders, a scarf and hair are no faults.
    """
    said = {a.topic for a in found}
    below, bare = worn.figures.get("below_chin"), worn.figures.get("bare")
    if said & {"burnt", "busy", "close"}:
        return []
    if below and below.value < _WIDER and bare and bare.value > _BARE:
        return [Advice("unseen", "hidden", below.value, below.unit, 1.0, 0.2)]
    if said & {"ground", "stands"}:
        return []
    return [Advice("unseen", "unseen", round(worn.sure, 3), "sure", 1.0, 0.2)]


def tell_frame(worn: Worn) -> list[Advice]:
    """A photo that ends at the neck, and what glasses mirror."""
    found = []
    below = worn.figures.get("below_chin")
    if below and below.value < _CLOSE:
        found.append(Advice("close", "close", below.value, below.unit, below.sure, 0.6))
    glare = worn.figures.get("glare")
    if glare and glare.value > _GLARE:
        found.append(Advice("glare", "glare", glare.value, glare.unit, glare.sure, 0.65))
    return found
