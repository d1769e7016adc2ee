"""Cross-map the priorities of a city's strategies against a framework of themes, and show why."""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)
