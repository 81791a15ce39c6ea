"""The reader of English: word lists as data, a light grammar, and the questions in their order."""
