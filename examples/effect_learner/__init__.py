"""What train_effect_learner.py is made of."""
