"""Over HTTP: what may be fetched, how politely, and by the one client."""
