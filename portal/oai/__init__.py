"""OAI-PMH 2.0: what a request asks, where a list goes on, how a record is described."""
