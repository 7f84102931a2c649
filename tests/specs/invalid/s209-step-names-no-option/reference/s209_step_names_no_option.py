def where():
    return "gone"
