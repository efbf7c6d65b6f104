"""What is printed: the page to take along, and a clinic's poster. Set with typst, as PDF."""
