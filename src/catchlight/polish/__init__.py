"""Polish: how good the picture is as a headshot, whoever is in it."""
