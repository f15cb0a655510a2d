"""The scar shapes: the one list that the scar guide, the drawings and the form read."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ScarType(TextChoices):
    """A shape, with its name. The value is what an enquiry stores."""

    ICE_PICK = "ice_pick", _("Ice-pick")
    BOXCAR = "boxcar", _("Boxcar")
    ROLLING = "rolling", _("Rolling")
    RAISED = "raised", _("Raised")
    FLAT = "flat", _("Flat marks")
    NOT_SURE = "not_sure", _("Not sure")

    @property
    def slug(self) -> str:
        """The name in markdown and CSS: "ice-pick"."""
        return self.value.replace("_", "-")

    @property
    def drawing(self) -> str:
        return f"scar-{self.slug}"

    @property
    def look(self) -> str:
        """Its look on the skin, in a few words."""
        looks = {
            self.ICE_PICK: _("Narrow and deep"),
            self.BOXCAR: _("Wide, with sharp edges"),
            self.ROLLING: _("Wide and wavy"),
            self.RAISED: _("Higher than the skin"),
            self.FLAT: _("Red or brown, no dent"),
            self.NOT_SURE: _("Leave it to the clinic"),
        }
        return str(looks[self])
