from __future__ import annotations


class PackageRefused(Exception):
    """Something that cannot be done in the package now; says why, in whole sentences for the person."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(" ".join(sentences))
        self.message = " ".join(sentences)
