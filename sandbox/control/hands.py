"""What a person, or fate, does outside: logs in, accepts messages, pays, breaks things."""

from sandbox.control.edge import ControlCall, ControlRefusal
from sandbox.credentials import Person
from sandbox.faults import FAULTS, Fault, FaultUnknown
from sandbox.pay.wallet import PaymentAsked, WalletRefusal, pay
from sandbox.switches import CHOICES, SwitchUnknown
from sandbox.wechat.login import make_code
from sandbox.wechat.subscribe import accept

MOST_CREDITS = 1_000_000


def login_code(call: ControlCall) -> dict[str, object]:
    """POST /control/codes {openid, app_id?}: what wx.login gives."""
    return {"js_code": _code(call, "login")}


def phone_code(call: ControlCall) -> dict[str, object]:
    """POST /control/phone-codes {openid, app_id?}: what the phone-number button gives."""
    return {"code": _code(call, "phone")}


def subscribe(call: ControlCall) -> dict[str, object]:
    """POST /control/subscribe {openid, template_id, count=1}: the person accepted."""
    person = _person(call)
    template_id = call.text("template_id")
    if call.world.credentials.template(template_id) is None:
        raise ControlRefusal("template_unknown", "template_id", status=404)
    count = call.whole("count", default=1, largest=MOST_CREDITS)
    left = accept(call.world, openid=person.openid, template_id=template_id, count=count)
    return {"credits": left}


def pay_order(call: ControlCall) -> dict[str, object]:
    """POST /control/pay {timeStamp, nonceStr, package, signType, paySign}: the wallet pays."""
    try:
        return pay(call.world, PaymentAsked.from_mapping(call.body))
    except WalletRefusal as refusal:
        raise ControlRefusal(refusal.code, status=409) from refusal


def switch_fault_on(call: ControlCall) -> dict[str, object]:
    """POST /control/faults {name, times=1|null, path, event, moment, seconds}."""
    try:
        call.world.faults.switch_on(Fault.from_json(call.body))
    except FaultUnknown as trouble:
        raise ControlRefusal("fault_unknown", str(trouble)) from trouble
    return shown_faults(call)


def switch_faults_off(call: ControlCall) -> dict[str, object]:
    """DELETE /control/faults: the outside world behaves again."""
    call.world.faults.switch_off_all()
    return shown_faults(call)


def shown_faults(call: ControlCall) -> dict[str, object]:
    """GET /control/faults: what is on, and what there is."""
    return {"on": call.world.faults.switched_on(), "known": FAULTS}


def move_switches(call: ControlCall) -> dict[str, object]:
    """POST /control/switches {name: position, …}."""
    try:
        for name, position in call.body.items():
            call.world.switches.move(name, position)
    except SwitchUnknown as trouble:
        raise ControlRefusal("switch_unknown", str(trouble)) from trouble
    return shown_switches(call)


def shown_switches(call: ControlCall) -> dict[str, object]:
    """GET /control/switches: where each stands, and its positions."""
    return {"positions": call.world.switches.positions(), "choices": CHOICES}


def _code(call: ControlCall, kind: str) -> str:
    person = _person(call)
    app_id = call.body.get("app_id", call.world.credentials.apps[0].app_id)
    if not isinstance(app_id, str) or call.world.credentials.app(app_id) is None:
        raise ControlRefusal("app_unknown", "app_id", status=404)
    return make_code(call.world, kind=kind, app_id=app_id, openid=person.openid)


def _person(call: ControlCall) -> Person:
    person = call.world.credentials.person(call.text("openid"))
    if person is None:
        raise ControlRefusal("person_unknown", "openid", status=404)
    return person
