"""Others' results, such as the national survey: entered per unit and year, shown beside the city's, never pooled.

Services: may import records, the pure packages and other services; never web.
"""
