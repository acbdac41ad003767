/// What a verification found.
public struct VerificationReport: Equatable, Sendable {
  /// What is wrong, a sentence each.
  public var faults: [String]
  /// What could not be computed again, and so is neither right nor wrong; a sentence each.
  public var unproved: [String]

  public init(faults: [String] = [], unproved: [String] = []) {
    self.faults = faults
    self.unproved = unproved
  }

  /// The most sentences that are told one by one.
  private static let most = 200

  /// The same, where there are very many sentences with a last one that counts the rest.
  func cut(_ path: String) -> VerificationReport {
    func cut(_ sentences: [String], _ what: String) -> [String] {
      let rest = sentences.count - Self.most
      return rest > 0 ? sentences.prefix(Self.most) + ["\(path): \(rest) more \(what) like these."] : sentences
    }
    return VerificationReport(faults: cut(faults, "faults"), unproved: cut(unproved, "sentences"))
  }
}
