def q(): return 1.5
