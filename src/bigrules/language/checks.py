def check_files(*a): pass
def check_book(*a): pass
