"""The archive for other tools: any query's rows, samples of them, and all of it as files."""
