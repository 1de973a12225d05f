"""The web: ``catchlight serve``, a page and a REST service on this computer; no logic."""
