"""A hospital decides what it says."""

from typing import Any

from common.commands import action
from hospitals.models import Hospital
from notifications.models import Template
from notifications.wording import forget_remembered

SAID = frozenset(field.name for field in Template._meta.concrete_fields) - {
    "id",
    "hospital",
    "code",
}


@action
def write_template(*, hospital: Hospital, code: str, **said: Any) -> Template:
    """The hospital's template of this code says this from now on. Repeatable.

    `said` are fields of `Template`. Raises TemplateWrong.
    """
    known = Template.objects.filter(hospital=hospital, code=code).first()
    template = known or Template(hospital=hospital, code=code)
    for name, value in said.items():
        if name not in SAID:
            raise TypeError(f"A template has no {name}.")
        setattr(template, name, value)
    template.save()
    forget_remembered()
    return template
