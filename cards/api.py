"""Cards over HTTP: one's own, and the code that is shown."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rules import account_of
from accounts.throttles import TicketByAccount, TicketByAddress
from cards.actions.bind import bind_credential
from cards.actions.change import report_lost
from cards.actions.open import open_virtual_card
from cards.codes import LIFE
from cards.models import Card, Use
from cards.serializers import (
    BindInput,
    CardCodeOutput,
    CardOutput,
    CardUseInput,
    EmptyInput,
    OpenInput,
)
from cards.showing import card_for, cards_of, fresh_code, own_patient
from common import clock
from common.http import command
from common.pagination import NewestFirst
from hospitals.views import HospitalView
from patients.access import patient_for
from patients.permissions import ByPatient


class CardList(HospitalView):
    """The cards of everybody the account acts for."""

    permission = ByPatient()
    pagination_class = NewestFirst

    @extend_schema(responses=CardOutput(many=True))
    def get(self, request: Request, **_: object) -> Response:
        """The newest first."""
        pages = NewestFirst()
        rows = cards_of(account_of(request), hospital=self.hospital)
        shown = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response(CardOutput(shown, many=True).data)

    @extend_schema(request=OpenInput, responses={201: CardOutput})
    def post(self, request: Request, **_: object) -> Response:
        """A virtual card; the same one where there is one already."""
        form = OpenInput(data=request.data)
        form.is_valid(raise_exception=True)
        patient = patient_for(request, form.validated_data["patient_id"], hospital=self.hospital)
        return command(request, open_virtual_card, CardOutput, patient=patient)


class CardBinding(HospitalView):
    """Electronic credentials (电子健康卡, 医保电子凭证)."""

    permission = ByPatient()

    @extend_schema(request=BindInput, responses={201: CardOutput})
    def post(self, request: Request, **_: object) -> Response:
        """The credential becomes a card of the person themselves."""
        form = BindInput(data=request.data)
        form.is_valid(raise_exception=True)
        told = form.validated_data
        patient = own_patient(account_of(request), told["patient_id"], hospital=self.hospital)
        card = bind_credential(patient=patient, kind=Card.Kind(told["kind"]), shown=told["shown"])
        return Response(CardOutput(card).data, status=201)


class CardCodes(HospitalView):
    """What a virtual card shows."""

    permission = ByPatient()
    throttle_classes = (TicketByAccount, TicketByAddress)

    @extend_schema(request=CardUseInput, responses=CardCodeOutput)
    def post(self, request: Request, card_id: UUID, **_: object) -> Response:
        """A fresh code, good once within 60 s of real time; nothing is written."""
        form = CardUseInput(data=request.data)
        form.is_valid(raise_exception=True)
        account = account_of(request)
        card = card_for(account, card_id, hospital=self.hospital)
        now = clock.real_now()
        code = fresh_code(account, card, use=Use(form.validated_data["use"]))
        return Response(CardCodeOutput({"code": code, "expires_at": now + LIFE}).data)


class CardLost(HospitalView):
    """A card that somebody else may have."""

    permission = ByPatient()

    @extend_schema(request=EmptyInput, responses={200: CardOutput})
    def post(self, request: Request, card_id: UUID, **_: object) -> Response:
        """It opens nothing from now on; the desk finds it again."""
        EmptyInput(data=request.data).is_valid(raise_exception=True)
        card = card_for(account_of(request), card_id, hospital=self.hospital)
        return command(
            request,
            report_lost,
            CardOutput,
            status=200,
            card_id=card.pk,
            hospital_id=self.hospital.pk,
        )
