"""The addresses of api.weixin.qq.com that the sandbox serves."""

from starlette.routing import Route

from sandbox.wechat.edge import wechat_endpoint
from sandbox.wechat.login import code_to_session, phone_number
from sandbox.wechat.subscribe import send_message
from sandbox.wechat.tokens import legacy_token, stable_token

ROUTES = [
    Route("/sns/jscode2session", wechat_endpoint(code_to_session), methods=["GET"]),
    Route("/cgi-bin/token", wechat_endpoint(legacy_token), methods=["GET"]),
    Route("/cgi-bin/stable_token", wechat_endpoint(stable_token), methods=["POST"]),
    Route("/wxa/business/getuserphonenumber", wechat_endpoint(phone_number), methods=["POST"]),
    Route("/cgi-bin/message/subscribe/send", wechat_endpoint(send_message), methods=["POST"]),
]
