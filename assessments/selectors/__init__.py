"""What the pages of assessments read, each in a constant number of queries."""
