"""Who may do what: marks on views, passwords, sessions, throttling."""
