"""The controls' addresses."""

from starlette.routing import Route

from sandbox.control import diaries, hands
from sandbox.control.edge import control

ROUTES = [
    Route("/control/codes", control(hands.login_code), methods=["POST"]),
    Route("/control/phone-codes", control(hands.phone_code), methods=["POST"]),
    Route("/control/subscribe", control(hands.subscribe), methods=["POST"]),
    Route("/control/pay", control(hands.pay_order), methods=["POST"]),
    Route("/control/faults", control(hands.switch_fault_on), methods=["POST"]),
    Route("/control/faults", control(hands.switch_faults_off), methods=["DELETE"]),
    Route("/control/faults", control(hands.shown_faults), methods=["GET"]),
    Route("/control/switches", control(hands.move_switches), methods=["POST"]),
    Route("/control/switches", control(hands.shown_switches), methods=["GET"]),
    Route("/control/messages", control(diaries.messages), methods=["GET"]),
    Route("/control/sms", control(diaries.texts), methods=["GET"]),
    Route("/control/orders", control(diaries.orders), methods=["GET"]),
    Route("/control/refunds", control(diaries.refunds), methods=["GET"]),
    Route("/control/notices", control(diaries.notices), methods=["GET"]),
]
