"""Names of families in pictures: short, different from each other, and broken where they may be."""

import pytest
from torch import Tensor, nn

import ancestral as anc
from ancestral import analysis
from ancestral._pictures.short_names import name_lines_of, plain_name, plain_names

ALIKE = [f"test/sparsity_param-{k}-out-of-distribution" for k in (0.5, 2.5)]


def test_names_that_begin_alike_stay_different() -> None:
    noises = [f"test/out-of-distribution/noise/{noise}" for noise in ("laplace", "uniform", "uniform-wide", "student_t")]
    names = ["train", "test/id", *ALIKE, *noises, "a" * 40, "a" * 39 + "b"]
    found = plain_names(names)
    assert list(found) == names
    assert len(set(found.values())) == len(names)
    assert all(len(short) <= 22 for short in found.values())
    assert found["train"] == "train"
    assert found[ALIKE[0]] == "test/s…am-0.5-out-of-…"
    short, long = "test/sparsity_param-of-0.5", "test/sparsity_param-of-0.5-and-student_t-noise-beside"
    assert plain_names([short, long]) == {short: "test/s…y_param-of-0.5", long: "test/s…0.5-and-studen…"}


def test_a_name_by_itself_is_cut_at_its_end() -> None:
    assert (
        plain_names(["x", "test/a-rather-long-name-of-a-family"])["test/a-rather-long-name-of-a-family"]
        == "test/a-rather-long-n…"
    )
    assert plain_name("$x$") == r"\$x\$"


@pytest.mark.parametrize(
    ("name", "width", "lines"),
    [
        ("test/scale-free", 11, "test/scale-\nfree"),
        ("test/noise laplace", 12, "test/noise\nlaplace"),
        ("stochastic_block", 11, "stochastic_\nblock"),
        ("unbrokenunbroken", 6, "unbrok\nenunbr\noken"),
        ("train", 11, "train"),
        ("", 11, ""),
    ],
)
def test_lines_end_after_words(name: str, width: int, lines: str) -> None:
    assert name_lines_of(name, width) == lines


def test_pictures_name_each_family_once() -> None:
    families = {name: anc.FamilyConfig(n_nodes=4, sparsity_param=s) for name, s in zip(ALIKE, (0.5, 1.0), strict=True)}
    ladder = analysis.sortability_ladder(families, n_tasks=2)
    lines = analysis.spectra(families, n_tasks=2).get_legend()
    assert lines is not None
    shown = ["test/s…am-0.5-out-of-…", "test/s…am-2.5-out-of-…"]
    assert [label.get_text() for label in ladder.get_yticklabels()] == shown
    assert [label.get_text() for label in lines.get_texts()] == shown


def test_names_that_matplotlib_would_leave_out_are_in_legends() -> None:
    family = anc.FamilyConfig(n_nodes=4, sparsity_param=1.0)
    legends = [
        analysis.spectra({"_train": family, "$test": family}, n_tasks=2).get_legend(),
        analysis.overlays({"_train": family, "$test": family}, n_tasks=2, n_samples=4).item(0).get_legend(),
    ]
    for legend in legends:
        assert legend is not None
        assert [text.get_text().strip() for text in legend.get_texts()] == ["_train", r"\$test"]
        legend.figure.draw_without_rendering()  # pyright: ignore[reportOptionalMemberAccess, reportAttributeAccessIssue]


class _AMechanismWhoseNameIsLongerThanTheWholePictureOfItsGraph(nn.Module):
    def forward(self, parents: Tensor, noise: Tensor) -> Tensor:
        return parents.sum(dim=1) + noise


class _AMechanismWhoseNameIsAsLongAsTheOther(_AMechanismWhoseNameIsLongerThanTheWholePictureOfItsGraph):
    pass


def test_long_names_of_kinds_leave_panels_their_room() -> None:
    kinds = [_AMechanismWhoseNameIsLongerThanTheWholePictureOfItsGraph(), _AMechanismWhoseNameIsAsLongAsTheOther()]
    graph, panel = anc.SCMInstance.from_mechanisms([[0, 1], [0, 0]], kinds).visualize()
    graph.figure.draw_without_rendering()
    names = [text.get_text().strip() for text in graph.get_legend().get_texts()]
    assert names == ["_AMech…eIsLongerThanT…", "_AMech…eIsAsLongAsThe…"]
    inch = graph.figure.dpi
    assert panel.bbox.width > 0.7 * inch
    assert graph.bbox.width > 1.7 * inch
