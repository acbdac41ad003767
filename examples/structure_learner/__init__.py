"""The parts of `train_structure_learner.py`: network, metrics and pictures."""
