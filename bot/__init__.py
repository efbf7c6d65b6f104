"""The running service: everything of Plumbline that touches the world."""
