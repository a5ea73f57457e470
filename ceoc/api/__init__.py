"""What the API of every room stands on: operations and their document, problem details, limits, pages of lists."""
