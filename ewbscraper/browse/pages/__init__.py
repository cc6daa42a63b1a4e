"""The pages of ours, a file each: what is read for it, and the function that an address leads to."""
