"""What each training method learns from and what its loss is."""
