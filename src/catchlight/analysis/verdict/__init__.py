"""Will this photo do? What a photo has against it as the source of a headshot."""
