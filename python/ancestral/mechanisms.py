"""The engine's mechanisms as modules of torch, and the protocol of a factory."""

from ._mechanisms.modules import MECHANISMS as MECHANISMS
from ._mechanisms.modules import ConstantMechanism as ConstantMechanism
from ._mechanisms.modules import EngineMechanism as EngineMechanism
from ._mechanisms.modules import GaussianProcessMechanism as GaussianProcessMechanism
from ._mechanisms.modules import LinearMechanism as LinearMechanism
from ._mechanisms.modules import MechanismFactory as MechanismFactory
from ._mechanisms.modules import MLPMechanism as MLPMechanism
from ._mechanisms.modules import NoiseMechanism as NoiseMechanism
