"""The read API: what it answers, how an address is read, its OpenAPI description."""
