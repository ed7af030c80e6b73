"""The FHIR R4 edge: a hospital system posts resources, known by its key."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, cast
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import BaseParser
from rest_framework.permissions import BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from common.errors import TooLarge
from common.problems import answer_problem
from hospitals.views import HospitalView
from interop.actions.introduce import digest_of
from interop.actions.receive import receive_prescription
from interop.errors import ReceivedUnknown, SenderKeyWrong
from interop.fhir.prescriptions import KIND
from interop.models import Protocol, Received, Sender
from interop.unreadable import Reason, Unreadable

LARGEST_BODY_BYTES = 1024 * 1024
ISSUE_OF_STATUS: Mapping[int, str] = MappingProxyType(
    {
        400: "structure",
        401: "login",
        403: "forbidden",
        404: "not-found",
        405: "not-supported",
        413: "too-long",
        415: "not-supported",
        429: "throttled",
        503: "transient",
    }
)  # FHIR value set issue-type


class FhirParser(BaseParser):
    """Takes bytes, at most `LARGEST_BODY_BYTES`; they are stored before they are read."""

    media_type = "application/fhir+json"

    def parse(  # noqa: PLR0917 - DRF's signature
        self, stream: Any, media_type: Any = None, parser_context: Any = None
    ) -> dict[str, bytes]:
        """The bytes under `raw`. Raises TooLarge."""
        raw = stream.read(LARGEST_BODY_BYTES + 1)
        if len(raw) > LARGEST_BODY_BYTES:
            raise TooLarge(bytes=LARGEST_BODY_BYTES)
        return {"raw": raw}


class FhirRenderer(JSONRenderer):
    """JSON under FHIR's media type."""

    media_type = "application/fhir+json"
    format = "fhir"


class ByKey(BasePermission):
    """A sender of the hospital that shows its key as a bearer token."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """True for a known sender, which the view then knows. Raises SenderKeyWrong."""
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        senders = Sender.objects.speaking(Protocol.FHIR, hospital_id=view.hospital_id)
        known = scheme.lower() == "bearer" and bool(key)
        sender = senders.filter(key_digest=digest_of(key)).first() if known else None
        if sender is None:
            raise SenderKeyWrong
        view.sender = sender
        return True


class FhirView(HospitalView):
    """An address of FHIR: what is refused is an OperationOutcome."""

    permission = ByKey()
    authentication_classes = []
    parser_classes = [FhirParser]
    renderer_classes = [FhirRenderer]
    sender: Sender

    def get_exception_handler(self) -> Any:
        """Problems become outcomes."""
        return answer_outcome


def answer_outcome(trouble: Exception, context: Mapping[str, Any]) -> Response | None:
    """The house's answer to an exception, in FHIR's words."""
    response = answer_problem(trouble, context)
    if response is None:
        return None
    response.data = outcome(
        issue=ISSUE_OF_STATUS.get(response.status_code, "processing"), code=response.data["code"]
    )
    response.content_type = FhirRenderer.media_type
    return response


def outcome(*, issue: str, code: str, path: str = "", severity: str = "error") -> dict[str, Any]:
    """An OperationOutcome: the stable code, and where, but never what was sent."""
    said: dict[str, Any] = {"severity": severity, "code": issue, "details": {"text": code}}
    if path:
        said["expression"] = [path]
    return {"resourceType": "OperationOutcome", "issue": [said]}


@extend_schema(exclude=True)
class MedicationRequestList(FhirView):
    """Where prescriptions arrive."""

    def post(self, request: Request, *, code: str) -> Response:
        """Store one; 201 the first time, 200 when it comes again, 400 or 422 when unreadable."""
        body = cast("dict[str, bytes]", request.data)["raw"]
        receipt = receive_prescription(sender=self.sender, body=body)
        if receipt.trouble is not None:
            return _refused(receipt.trouble)
        where = reverse("fhir-medication-request", args=[code, receipt.received_id])
        return Response(
            outcome(issue="informational", code="interop.stored", severity="information"),
            status=201 if receipt.is_first else 200,
            headers={"Location": where},
        )


@extend_schema(exclude=True)
class MedicationRequestItem(FhirView):
    """One prescription, for the sender that posted it."""

    def get(self, request: Request, *, code: str, received_id: UUID) -> HttpResponse:
        """The resource as it was received."""
        mine = Received.objects.of_hospital(self.hospital_id).filter(sender=self.sender, kind=KIND)
        received = mine.exclude(status=Received.Status.REFUSED).filter(pk=received_id).first()
        if received is None:
            raise ReceivedUnknown(received_id=received_id)
        return HttpResponse(bytes(received.body), content_type=FhirRenderer.media_type)


def _refused(trouble: Unreadable) -> Response:
    is_malformed = trouble.reason == Reason.JSON
    issue = "required" if trouble.reason == Reason.ELEMENT_MISSING else "value"
    return Response(
        outcome(
            issue="structure" if is_malformed else issue, code=trouble.code, path=trouble.where
        ),
        status=400 if is_malformed else 422,
    )
