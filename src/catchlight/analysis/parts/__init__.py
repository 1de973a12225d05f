"""The parts of a portrait: person, matte, skin, hair, glasses, teeth."""
