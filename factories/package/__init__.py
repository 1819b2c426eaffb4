"""The prevention package of a factory: entry, activities and their dates, postponing, joint reviews, learning.

Rooms, by their file: `catalogue` (rules as data), `words` (what each code says to people), `access` (who may),
`entry`, `activities`, `requests`, `postponing`, `reviews`, `numbers`, `ending` (steps), `promises` (dates on the
clock), `patterns` and `progress` (pure), `learning`, `events`, `practices` (what is counted and shared), `pages` (what
a page reads). Nothing here knows a case, and nothing takes a number of complaints.
"""
