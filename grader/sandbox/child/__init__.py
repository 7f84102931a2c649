"""The only code that shares a process with a student's. It holds no key and imports nothing of ours
but itself; `zygote.py` is started by its path."""
