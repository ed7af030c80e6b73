"""The phone's addresses."""

from starlette.routing import Route

from sandbox.phone import pages, sheet
from sandbox.phone.pages import behind_secret

ROUTES = [
    Route("/phone/enter", pages.enter, methods=["GET", "POST"]),
    Route("/phone/", behind_secret(pages.people), methods=["GET"]),
    Route("/phone/pay", behind_secret(sheet.show_sheet), methods=["GET"]),
    Route("/phone/pay", behind_secret(sheet.answer_sheet), methods=["POST"]),
    Route("/phone/people/{openid}", behind_secret(pages.phone), methods=["GET"]),
    Route("/phone/people/{openid}/open", behind_secret(pages.open_app), methods=["POST"]),
    Route("/phone/people/{openid}/subscribe", behind_secret(pages.subscribe), methods=["POST"]),
]
