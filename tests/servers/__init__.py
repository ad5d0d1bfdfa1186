"""Small Telegram servers on loopback: the MTProto side, the Bot API side and the web preview."""
