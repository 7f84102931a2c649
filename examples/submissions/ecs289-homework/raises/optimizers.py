raise RuntimeError("this line was left over from debugging")
