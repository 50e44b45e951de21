"""Exit codes of ``run.py``, the same for every command, and failures that end with a sentence."""

OK = 0
SOME_REFUSED = 1  # done, but some files were refused
USAGE = 2  # the command line, or a setting, cannot be understood
CANNOT_START = 3  # requirements, data folder, address or disk do not allow it
DAMAGE = 4  # something was lost, or differs from what was written
BELOW_FLOOR = 5  # the search answers worse than what is accepted
INTERRUPTED = 130  # stopped with Ctrl+C; what was done stays

LEGEND = """codici d'uscita:
  0  tutto fatto
  1  fatto, ma alcuni file sono stati rifiutati
  2  comando o impostazione da correggere
  3  il portale non può partire: requisiti, cartella dei dati, porta o disco
  4  trovati danni o perdite
  5  la ricerca risponde peggio del minimo accettato
  130  interrotto con Ctrl+C: ciò che era fatto resta"""


class Stop(Exception):
    """Ends the command with ``code`` after printing ``sentence``, in Italian."""

    def __init__(self, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
