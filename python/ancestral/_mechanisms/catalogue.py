"""The module of each kind of mechanism that the engine has."""

from . import additive, discrete, modules, trees
from .modules import EngineMechanism

MECHANISMS: dict[str, type[EngineMechanism]] = {
    kind: module
    for module in (
        modules.NoiseMechanism,
        modules.ConstantMechanism,
        modules.LinearMechanism,
        modules.MLPMechanism,
        modules.GaussianProcessMechanism,
        additive.PolynomialMechanism,
        additive.QuadraticMechanism,
        additive.ProductMechanism,
        additive.LogSpaceMechanism,
        additive.SigmoidAdditiveMechanism,
        additive.PeriodicMechanism,
        additive.LogisticMapMechanism,
        trees.TreeMechanism,
        discrete.CategoricalMechanism,
        discrete.TableMechanism,
        discrete.CountMechanism,
    )
    for kind in module.kinds
}
"""By the names that configurations have."""
