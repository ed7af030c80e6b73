"""What accounts tell the apps above."""

from accounts.models import Staff
from common.asking import Announcement

# Told inside the command that ends the service: whoever holds something open for them closes it.
after_service_ends: Announcement[[Staff]] = Announcement("accounts.after_service_ends")
