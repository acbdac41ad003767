"""For all tests: torch's own threads gain nothing on small tensors, and spin for cores that the tests' engine threads need."""

import torch

torch.set_num_threads(1)
