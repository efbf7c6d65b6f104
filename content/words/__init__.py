"""The words of one language: a module for each of its files, with what that file must hold."""
