"""Fictional countries, factories, people and complaints for a trial. Refused wherever real people could complain."""
