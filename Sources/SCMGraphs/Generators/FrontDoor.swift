/// T → M → Y with a common cause U of T and Y, and covariates: where U is hidden, the effect is found through the mediator M; where
/// mechanisms are linear, it is the effect of T on M times that of M on Y, the latter adjusted for T.
///
/// Of n nodes M is n − 4, U is n − 3, T is n − 2, Y is n − 1 and the others are covariates; see ``EffectStructure`` for their edges and
/// the density. M has no other edge, and T → Y is none. U is a node like any other until it is hidden.
///
///     let graph = try FrontDoor(edgesPerNode: 2).sample(nodeCount: 20, key: TaskKey(seed: 7))
///
/// Source: Pearl, "Causality", 2nd edition (2009), section 3.3.2.
///
/// - Complexity: O(n²) time for n nodes.
public struct FrontDoor: EffectStructure, Hashable {
  public static let kind = "front_door"
  public static let summary =
    "Treatment T = node n - 2 causes mediator M = node n - 4, which causes outcome Y = node n - 1, and U = node n - 3, to be "
    + "hidden, causes T and Y: the front door of Pearl 2009, section 3.3.2; all others are covariates, each of which may cause "
    + "T, Y and those after it in a random order. The edges among U, T, M and Y are always these, with no T -> Y; "
    + "sparsity_param sets the probability of the others."
  public static let roles: [EffectRole] = [.hidden, .treatment, .mediator, .outcome]
  public static let roleEdges: [(cause: EffectRole, effect: EffectRole)] = [
    (.hidden, .treatment), (.hidden, .outcome), (.treatment, .mediator), (.mediator, .outcome),
  ]
  public var edgesPerNode = 2.0
  public var ratio = 1.0

  public init() {}
}
