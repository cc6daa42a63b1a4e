"""Rows become what a person sees: HTML, bars, a map."""
