/// Z → T → Y with a common cause U of T and Y, and covariates: where U is hidden and mechanisms are linear, the effect is
/// Cov(Z, Y)/Cov(Z, T).
///
/// Of n nodes Z is n − 4, U is n − 3, T is n − 2, Y is n − 1 and the others are covariates; see ``EffectStructure`` for their edges and
/// the density. Z has no other edge. U is a node like any other until it is hidden.
///
///     let graph = try Instrument(edgesPerNode: 2).sample(nodeCount: 20, key: TaskKey(seed: 7))
///
/// Source: Angrist, Imbens, Rubin, "Identification of causal effects using instrumental variables", JASA 91 (1996).
///
/// - Complexity: O(n²) time for n nodes.
public struct Instrument: EffectStructure, Hashable {
  public static let kind = "instrument"
  public static let summary =
    "Instrument Z = node n - 4 causes treatment T = node n - 2, which causes outcome Y = node n - 1, and U = node n - 3, to be "
    + "hidden, causes T and Y (Angrist, Imbens and Rubin 1996); all others are covariates, each of which may cause T, Y and "
    + "those after it in a random order. The edges among Z, U, T and Y are always these, with no Z -> Y; "
    + "sparsity_param sets the probability of the others."
  public static let roles: [EffectRole] = [.instrument, .hidden, .treatment, .outcome]
  public static let roleEdges: [(cause: EffectRole, effect: EffectRole)] = [
    (.instrument, .treatment), (.hidden, .treatment), (.hidden, .outcome), (.treatment, .outcome),
  ]
  public var edgesPerNode = 2.0
  public var ratio = 1.0

  public init() {}
}
