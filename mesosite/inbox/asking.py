"""What staff search for: sealed while it stands in an address, so that Back and reload work.

Names have no place in addresses, logs and the browser's history. A page that was posted cannot be
gone back to without asking for it again; a sealed address can.
"""

from mesosite.enquiries.keys import CannotRead, seal, unseal

_BOUND_TO = "inbox.find"


def sealed(text):
    return seal(text, _BOUND_TO)


def opened(text):
    """What was sealed, or "" where it was made up or its key is gone."""
    try:
        return unseal(text, _BOUND_TO)
    except CannotRead:
        return ""
