"""The sentences of the wardrobe, by their code: data, so that the studio has them in each language.

Each is true of what was measured and of no more: none names a garment, who wears it or what covers
a head, and none calls a colour by name but those of the trade that are offered.
"""

from __future__ import annotations

#: Code to sentence. What stands in braces is filled in: colours of the palette.
WORDS: dict[str, str] = {
    "unseen": "We could not measure your clothes surely enough in this photo, so nothing is said "
    "of them.",
    "hidden": "We could tell too little of your clothes in this photo to speak of them: a wider "
    "picture that shows more of them would let us say more.",
    "close": "The photo ends close below the chin, so little of your clothes is in it: a slightly "
    "wider picture would show more of them.",
    "colourless": "This photo is in black and white or nearly of one tone, so no colours are "
    "advised from it.",
    "burnt": "Part of your clothes is so bright in this light that its folds are lost: a slightly "
    "darker shade, or a little less light on them, would keep the folds.",
    "blocked": "Much of your clothes is so dark in this light that its folds cannot be seen: a "
    "lighter shade, or a little more light on them, would show the folds.",
    "merges": "Much of your outline around the shoulders is close in tone to the background, so it "
    "is hard to make out in a small picture: clearly lighter or darker clothes, or another "
    "background, would help.",
    "stands": "Around the shoulders you stand out clearly from the background, so your outline "
    "stays easy to see in a small picture: that works well.",
    "skin": "In this light your clothes are close in colour to your skin, so the neckline is hard "
    "to see in a small picture: a clearly lighter, darker or different colour would show it.",
    "busy": "The pattern of your clothes is strong and may draw the eye from the face: a plainer "
    "cloth would be calmer.",
    "fine": "Your clothes have a fine, even pattern: in a small picture it may shimmer or blur, "
    "and a plainer cloth would be calmer.",
    "glare": "Your glasses seem to mirror a bright light: tilting them down a little, or raising "
    "the lamp, usually helps.",
    "general": "Plain clothes that are clearly lighter or darker than the background usually work "
    "best in a small picture.",
    "two": "Of the colours usual for this kind of picture, {first} and {second} would stand out "
    "well from the background and from your face.",
    "one": "Of the colours usual for this kind of picture, {first} would stand out well from the "
    "background and from your face.",
    "two_ground": "Of the colours usual for this kind of picture, {first} and {second} would "
    "stand out well from the background.",
    "one_ground": "Of the colours usual for this kind of picture, {first} would stand out well "
    "from the background.",
    "two_face": "Of the colours usual for this kind of picture, {first} and {second} would stand "
    "out well from your face.",
    "one_face": "Of the colours usual for this kind of picture, {first} would stand out well from "
    "your face.",
}

#: What no picture is measured for, for whoever looks.
REMINDER = (
    "Please look for yourself, as it is not measured here: lettering and logos, bold or very fine "
    "patterns, a badge or lanyard. They are noticed before the face."
)
