"""Another archive's rows and files into this one."""
