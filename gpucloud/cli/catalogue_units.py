"""Units as the catalogue's tables show them."""


def gib(mib: int) -> float | int:
    """Return GiB, whole where it is, with one decimal otherwise."""
    whole = mib / 1024
    return int(whole) if whole.is_integer() else round(whole, 1)
