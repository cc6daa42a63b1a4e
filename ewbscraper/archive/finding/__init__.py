"""Finding articles: a question, the articles that answer it, and how they spread over time, places, outlets ..."""
