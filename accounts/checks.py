"""System checks: what must be true before strangers use this site."""
