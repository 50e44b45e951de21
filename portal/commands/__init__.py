"""The command line of ``run.py``: one module a command, loaded when it is used."""
