"""Tables as Parquet files; of a folder that has them already, only what changed since is written."""
