"""The mini-program's server API (小程序服务端接口): tokens, login, phone numbers, messages."""
