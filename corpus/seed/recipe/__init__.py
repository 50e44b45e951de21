"""How the portal's own documents are made; maintainers run it, an installation never does."""
