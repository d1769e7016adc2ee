"""Documents as councils publish them: read safely, passage by passage, and searched for priorities."""
