"""The endless training stream: its order over ranks and workers, its state, and its dataset."""
