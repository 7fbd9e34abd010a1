"""Versions as one looks at them from outside: which there are, what each holds, and in what two of them differ."""
