"""Other ways to the same pages, each as its users would write it."""
