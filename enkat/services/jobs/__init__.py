"""Long work: put in a queue by a page or a command, run by `enkat tick`, shown with its progress."""
