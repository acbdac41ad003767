"""The engine's mechanisms as modules of torch, and the protocol of a factory."""

# Written by `make config` from `_mechanisms/catalogue.py`.
from ._mechanisms.additive import AdditiveMechanism as AdditiveMechanism
from ._mechanisms.additive import LogisticMapMechanism as LogisticMapMechanism
from ._mechanisms.additive import LogSpaceMechanism as LogSpaceMechanism
from ._mechanisms.additive import PeriodicMechanism as PeriodicMechanism
from ._mechanisms.additive import PolynomialMechanism as PolynomialMechanism
from ._mechanisms.additive import ProductMechanism as ProductMechanism
from ._mechanisms.additive import QuadraticMechanism as QuadraticMechanism
from ._mechanisms.additive import SigmoidAdditiveMechanism as SigmoidAdditiveMechanism
from ._mechanisms.catalogue import MECHANISMS as MECHANISMS
from ._mechanisms.discrete import CategoricalMechanism as CategoricalMechanism
from ._mechanisms.discrete import ClassMechanism as ClassMechanism
from ._mechanisms.discrete import CountMechanism as CountMechanism
from ._mechanisms.discrete import TableMechanism as TableMechanism
from ._mechanisms.modules import ConstantMechanism as ConstantMechanism
from ._mechanisms.modules import EngineMechanism as EngineMechanism
from ._mechanisms.modules import GaussianProcessMechanism as GaussianProcessMechanism
from ._mechanisms.modules import LinearMechanism as LinearMechanism
from ._mechanisms.modules import MechanismFactory as MechanismFactory
from ._mechanisms.modules import MLPMechanism as MLPMechanism
from ._mechanisms.modules import NoiseMechanism as NoiseMechanism
from ._mechanisms.trees import TreeMechanism as TreeMechanism
