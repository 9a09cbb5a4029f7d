"""Reports of what does not work for somebody: kept, and told to the city by message."""
