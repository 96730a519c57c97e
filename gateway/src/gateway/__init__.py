from pathlib import Path

from shared.telling.translations import Catalogue, enter

_HERE = Path(__file__).parent

enter(Catalogue("gateway", _HERE / "locale", {"": _HERE}))
