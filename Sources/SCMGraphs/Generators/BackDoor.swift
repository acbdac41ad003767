/// T → Y with covariates X that may be causes of both: the effect is found by adjusting for them.
///
/// Of n nodes T is n − 2, Y is n − 1 and the others are covariates; see ``EffectStructure`` for their edges and the density.
///
///     let graph = try BackDoor(edgesPerNode: 2).sample(nodeCount: 20, key: TaskKey(seed: 7))
///
/// Source: Pearl, "Causality", 2nd edition (2009), section 3.3.1.
///
/// - Complexity: O(n²) time for n nodes.
public struct BackDoor: EffectStructure, Hashable {
  public static let kind = "back_door"
  public static let summary =
    "Treatment T = node n - 2 causes outcome Y = node n - 1; all others are covariates, each of which may cause T, Y and those after "
    + "it in a random order: the back door of Pearl 2009, section 3.3.1. T -> Y is always there; "
    + "sparsity_param sets the probability of the others."
  public static let roles: [EffectRole] = [.treatment, .outcome]
  public static let roleEdges: [(cause: EffectRole, effect: EffectRole)] = [(.treatment, .outcome)]
  public var edgesPerNode = 2.0
  public var ratio = 1.0

  public init() {}
}
