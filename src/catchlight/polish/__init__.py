"""Polish: how good the picture is as a headshot, whoever is in it."""

from catchlight.polish.score import Polish, measure_polish

__all__ = ["Polish", "measure_polish"]
