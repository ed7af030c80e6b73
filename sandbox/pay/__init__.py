"""WeChat Pay v3 (微信支付): orders, refunds, notices and bills, really signed and encrypted."""
