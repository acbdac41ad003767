/// T → Y with a common cause U of both, T ← U → Y, and covariates: where U is hidden, no adjustment finds the effect.
///
/// Of n nodes U is n − 3, T is n − 2, Y is n − 1 and the others are covariates; see ``EffectStructure`` for their edges and the density.
/// U is a node like any other until it is hidden.
///
///     let graph = try HiddenConfounder(edgesPerNode: 2).sample(nodeCount: 20, key: TaskKey(seed: 7))
///
/// Source: Pearl, "Causality", 2nd edition (2009), section 3.5 (the bow).
///
/// - Complexity: O(n²) time for n nodes.
public struct HiddenConfounder: EffectStructure, Hashable {
  public static let kind = "hidden_confounder"
  public static let summary =
    "Treatment T = node n - 2 causes outcome Y = node n - 1, and U = node n - 3, to be hidden, causes both; all others are "
    + "covariates, each of which may cause T, Y and those after it in a random order: the bow of Pearl 2009, section 3.5. "
    + "The edges among U, T and Y are always these; sparsity_param sets the probability of the others."
  public static let roles: [EffectRole] = [.hidden, .treatment, .outcome]
  public static let roleEdges: [(cause: EffectRole, effect: EffectRole)] = [
    (.hidden, .treatment), (.hidden, .outcome), (.treatment, .outcome),
  ]
  public var edgesPerNode = 2.0
  public var ratio = 1.0

  public init() {}
}
