"""Do-PFN's sequence-first tensors with the treatment in column 0.

Source of the layout: jr2021/Do-PFN, `priors.prior` (`Batch`) and `priors.doscm` (`get_batch`), which has no licence file,
so that nothing but shapes is taken; Robertson, Reuter, Guo, Hollmann, Hutter, Schölkopf, "Do-PFN: In-context learning for
causal effect estimation", 2025.
"""

from typing import Any

import torch
from torch import Tensor

from .effect_arrays import effect_arrays, sequence_first


def to_do_pfn(source: Any) -> dict[str, Any]:
    """x float32 [n + m, B, 1 + p], y and target_y [n + m, B, 1], x_int as x, and single_eval_pos, n.

        design = anc.Design.preset("do-pfn")
        data = formats.to_do_pfn(next(iter(anc.MetaIterableDataset(family, design=design, batch_size=16))))

    `source` is a task or a batch of a design with effects. Column 0 of x is the treatment, the p others are covariates. The
    first n rows are the context, as observed. The m others are asked about: under the treatment of `T_query`, with the
    covariates that they have before it. y holds the context's outcomes and then those under that treatment, which a network
    may not see; target_y is the same. Do-PFN's own batches have in the last m rows of x and y what would have been observed,
    which its loader replaces by x_int and target_y; here they are equal. Columns past a task's covariates are 0.

    Numbers are as the design gives them: Do-PFN standardises covariates and outcomes by the context. Raises ConfigError for
    items without effects, and for batches whose tasks differ in their number of rows.
    """
    arrays = effect_arrays(source, "Do-PFN's format", ("T", "Y", "X_query", "T_query", "Y_query"))

    def rows(name: str) -> Tensor:
        return torch.cat([arrays[name], arrays[f"{name}_query"]], dim=1)

    x = sequence_first(torch.cat([rows("T")[..., None], rows("X")], dim=-1))
    y = sequence_first(rows("Y")[..., None])
    return {"x": x, "y": y, "target_y": y, "x_int": x, "single_eval_pos": arrays["X"].shape[1]}
