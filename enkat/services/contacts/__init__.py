"""Where people turn with feedback, complaints or a wish to change provider: kept by the city, shown to everybody."""
