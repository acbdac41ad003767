public import SCMBase

/// Both worlds of each row: `X` as the SCM makes it, `X_counterfactual` under the row's regime with the same noise.
///
/// Source: Pearl, "Causality", 2nd edition, Cambridge 2009, section 7.1.
public struct Counterfactuals: Configurable {
  public init() {}

  public var fields: [Field<Self>] { [] }
}
