"""What the pages read, each page's question in a constant number of queries."""
