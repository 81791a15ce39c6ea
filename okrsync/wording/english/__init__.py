"""The reader of English: word lists, a light grammar with its questions, and weights."""
