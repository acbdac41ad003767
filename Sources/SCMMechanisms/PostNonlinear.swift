import SCMBase

/// g(f(parents, ε)): a mechanism of any kind with a strictly increasing function of its value.
///
/// Source: Zhang and Hyvärinen, "On the identifiability of the post-nonlinear causal model", UAI 2009.
public struct PostNonlinearMechanism: Mechanism {
  public private(set) var inner: any Mechanism
  public let outer: OuterFunction

  public init(_ inner: any Mechanism, outer: OuterFunction) {
    self.inner = inner
    self.outer = outer
  }

  public var kind: String { inner.kind }
  public var parentCount: Int { inner.parentCount }
  public var noise: [NoiseChannel] { inner.noise }
  public var readsStandardizedParents: Bool { inner.readsStandardizedParents }
  public var parameters: [MechanismParameter] { inner.parameters }
  public var settings: [String: MechanismSetting] {
    inner.settings.merging(["post_nonlinear": .name(outer.rawValue)]) { $1 }
  }
  public var readsParentsInPlace: Bool { inner.readsParentsInPlace }
  public var needsAnchors: Bool { inner.needsAnchors }

  public func anchored(at columns: [[Float]]) -> (any Mechanism)? {
    inner.anchored(at: columns).map { PostNonlinearMechanism($0, outer: outer) }
  }

  public func evaluate(_ rows: MechanismRows) {
    inner.evaluate(rows)
    unsafe outer.apply(rows.output, count: rows.count)
  }
}
