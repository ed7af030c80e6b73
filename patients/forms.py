"""What people fill in: somebody to register, with what their kind of document asks for."""

from typing import Any
from uuid import uuid4

from django import forms

from patients.countries import country_names
from patients.document_kinds import KINDS, TABLE, Ask, DocumentKind
from patients.models import DocumentType, Relation, Sex

SEXES = [(Sex.MALE.value, Sex.MALE.label), (Sex.FEMALE.value, Sex.FEMALE.label)]


def kind_named(text: str) -> DocumentKind:
    """The kind of that name; of any other, 居民身份证."""
    known = text if text in DocumentType.values else DocumentType.RESIDENT_ID
    return KINDS[DocumentType(known)]


def kind_choices() -> list[tuple[str, str]]:
    """The kinds, the usual one first."""
    return [(kind.type.value, kind.type.label) for kind in TABLE]


def nationality_choices() -> list[tuple[str, str]]:
    """Nothing, then every country."""
    return [("", "请选择"), *((code, f"{name} {code}") for code, name in country_names().items())]


class PersonForm(forms.Form):
    """Somebody to register: oneself, one of the family, or one's child."""

    idempotency_key = forms.CharField(widget=forms.HiddenInput, initial=uuid4)
    document_type = forms.CharField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label="姓名", max_length=100, help_text="与证件上的一致")
    document_number = forms.CharField(
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    nationality = forms.ChoiceField(label="国籍", choices=nationality_choices)
    born_on = forms.DateField(
        label="出生日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    sex = forms.ChoiceField(label="性别", choices=SEXES, widget=forms.RadioSelect)
    phone = forms.CharField(
        label="手机号",
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    relation = forms.ChoiceField(
        label="这是",
        choices=Relation.choices,
        widget=forms.RadioSelect,
        initial=Relation.SELF,
        help_text="14 岁以下的孩子由监护人登记：先登记本人，再选“监护人”。",
    )

    def __init__(self, data: Any = None, *, kind: DocumentKind) -> None:
        self.kind = kind
        super().__init__(data, initial={"document_type": kind.type.value})
        self.fields["document_number"].label = kind.label
        self.fields["document_number"].help_text = kind.form
        for ask in Ask:
            if ask not in kind.asks:
                del self.fields[ask]
