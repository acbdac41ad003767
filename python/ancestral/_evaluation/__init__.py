"""Measures of predicted graphs, and the evaluation of networks by family."""
