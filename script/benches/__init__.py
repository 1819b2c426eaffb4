"""What script/bench measures. Every group makes its own rows on servers of its own, under var/bench."""
