class Ranked:
    pass


def rank_sources(w):
    return []
