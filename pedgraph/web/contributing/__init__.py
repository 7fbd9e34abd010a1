"""The pages on which people check files, submit them, and review what others submitted."""
