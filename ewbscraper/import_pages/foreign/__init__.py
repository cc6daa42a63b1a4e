"""What other tools captured: their files, record by record."""
