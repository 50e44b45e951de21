"""The errors of the protocol: its code and a sentence; the answer is still HTTP 200."""


class OaiError(Exception):
    """What the protocol answers instead of records; ``code`` is one of its own words."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
