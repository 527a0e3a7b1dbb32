"""What the commands take that compare the ledger with anchors: the file of them."""

from accounts.management import arguments
from records.anchors import Anchor, AnchorUnreadable, read_anchors

# An anchor a day for a hundred years.
MOST_BYTES = 20_000_000


def anchors_in(path: str | None) -> list[Anchor] | None:
    """Give the anchors of the file, None for no file. Exits with 2 when they cannot be read."""
    if path is None:
        return None
    found = arguments.read(path, MOST_BYTES)
    if len(found) > MOST_BYTES:
        arguments.usage(f"{path} is too large for a file of anchors.")
    try:
        return read_anchors(found.decode())
    except (AnchorUnreadable, UnicodeDecodeError) as error:
        arguments.usage(f"{path} cannot be read: {error}")
