"""Calls that measure and compare families."""

from .graphs import GraphCalls


class AnalysisCalls(GraphCalls):
    """Samples of families, their summaries and distances."""

    def draw_sample(self, sample: int | None, options: int | None) -> None:
        seeds, count, sizes, cells = None, self.size(3), None, None
        if self.random.random() < 0.5:
            honest = min(count, 3)
            seeds = self.filled(3, self.random.randbytes(8 * honest))
            if self.random.random() < 0.5:
                sizes, cells, _ = self.graphs(honest)
        self.call("anc_sample_draw", sample, self.family()[0], seeds, count, sizes, cells, options)

    def add_sample(self, sample: int | None, options: int | None) -> None:
        count, rows = self.size(3), self.size(12)
        sizes, cells, nodes = self.graphs(min(count, 3))
        x = self.filled(6, self.floats(min(rows, 12) * nodes))
        self.call("anc_sample_add", sample, count, rows, sizes, cells, x, self.values(7, nodes), options)

    def try_analysis(self) -> None:
        if self.random.random() < 0.9:  # A hundred times the cost of the others.
            return
        options = None if self.random.random() < 0.05 else self.texts.put(self.json.options() + b"\0")
        samples = [self.created("anc_sample_create") for _ in range(2)]
        for sample in samples:
            for _ in range(self.random.choice([0, 1, 1, 1, 2])):
                (self.draw_sample if self.random.random() < 0.5 else self.add_sample)(sample, options)
        if self.random.random() < 0.5:
            self.call("anc_sample_summary", samples[0], self.room(0, 65_536), 65_536, self.room(2, 8))
        else:
            self.call("anc_sample_distance", *samples, options, self.room(0, 65_536), 65_536, self.room(2, 8))
        for sample in samples:
            self.call("anc_sample_free", sample)
