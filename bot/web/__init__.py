"""What other programs ask over HTTP: Telegram's webhook, health, metrics."""
