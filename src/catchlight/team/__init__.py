"""A team: one look for many people, on as many machines as it takes.

``people`` says who, ``crew`` who does the work and what is done already, ``work`` is what a worker
does, ``one_look`` brings the results together, ``pages`` shows them; ``run`` is the whole of it.
"""
