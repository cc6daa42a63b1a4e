"""Who is let in, what a question may take of the machine, and what nobody gets out of the file."""
