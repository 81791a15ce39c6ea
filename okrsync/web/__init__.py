"""What okrsync answers over HTTP: webhooks, health, metrics. It verifies, answers, rings a bell."""
