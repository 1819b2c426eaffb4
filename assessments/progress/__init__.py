"""How factories get on: F15 to F28 and A1 to A13, frozen each quarter right after the figures of cases.

The door of this room: `published` for a factory, `of_group` for a country or the programme; what comes out is words
with small numbers hidden. Formulas: indicators.md; docs/figures.md.
"""

from assessments.progress.published import of_factory, of_group, published, quarters

__all__ = ["of_factory", "of_group", "published", "quarters"]
