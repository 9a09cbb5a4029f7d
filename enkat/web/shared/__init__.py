"""What all audiences share: layout, field macros, access rules, error pages, static files. No charts."""
