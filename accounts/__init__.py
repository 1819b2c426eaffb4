"""People who sign in, their key pairs and second factor, and word to them."""
