"""WebVTT of the training unit; times follow from the number of words, as no recording exists."""

from pathlib import Path

from corpus.seed.recipe.unit import PAUSE, WORDS_PER_MINUTE, read_unit
from corpus.seed.schema import DocumentLine


def write(document: DocumentLine, path: Path) -> None:
    """Write the transcript to ``path``: one cue for each sentence, one note for each slide."""
    parts = [
        "WEBVTT\nKind: captions\nLanguage: it",
        f"NOTE\n{document.title}\n{', '.join(document.authors)}, {document.issued}. "
        f"Licenza {document.licence}.\nI tempi sono calcolati a {WORDS_PER_MINUTE} parole al "
        "minuto: una registrazione non esiste.",
    ]
    now, cue = 0.0, 0
    for number, slide in enumerate(read_unit().slides, start=1):
        parts.append(f"NOTE Diapositiva {number}: {slide.title}")
        for sentence in slide.spoken:
            cue += 1
            end = now + len(sentence.split()) * 60 / WORDS_PER_MINUTE
            parts.append(f"{cue}\n{clock(now)} --> {clock(end)}\n{sentence}")
            now = end
        now += PAUSE
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def clock(seconds: float) -> str:
    """A WebVTT timestamp: ``00:01:02.500``."""
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{rest // 1000:02}.{rest % 1000:03}"
