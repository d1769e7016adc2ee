"""What leaves the toolkit: the run folder, the mapping table for Excel, the page and the report."""
