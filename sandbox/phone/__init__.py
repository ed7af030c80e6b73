"""A demonstration person's phone (手机), drawn by the server: messages, the shell, the wallet."""
