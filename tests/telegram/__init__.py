"""The Telegram channel against the stand-in, over real sockets, with the real store."""
