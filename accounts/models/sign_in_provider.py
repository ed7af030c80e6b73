"""A hospital's own sign-in service (统一身份认证), by OpenID Connect."""

from django.db import models

from common.fields import EncryptedTextField
from common.models import Row
from hospitals.models import Hospital


class SignInProvider(Row):
    """Where the hospital's staff prove who they are, and which claim is their number (工号)."""

    hospital = models.OneToOneField(Hospital, on_delete=models.PROTECT)
    label = models.CharField(max_length=40)  # what stands on the button
    issuer = models.CharField(max_length=200)
    client_id = models.CharField(max_length=200)
    client_secret = EncryptedTextField(purpose="provider")
    number_claim = models.CharField(max_length=60, default="staff_number")
    strong_values = models.JSONField(default=list)  # values of acr or amr that mean two factors
    is_on = models.BooleanField(default=True)

    def __str__(self) -> str:
        return str(self.pk)
