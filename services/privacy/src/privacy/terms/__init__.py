"""Terms of use: texts as they were written, are shown and were accepted."""
