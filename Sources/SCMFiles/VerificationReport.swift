/// The faults that a verification found, and what it could not prove.
public struct VerificationReport: Equatable, Sendable {
  /// What is wrong.
  public var faults: [Fault]
  /// What could not be computed again.
  public var unproved: [Unproved]

  public init(faults: [Fault] = [], unproved: [Unproved] = []) {
    self.faults = faults
    self.unproved = unproved
  }

  /// The most sentences that are told one by one.
  private static let most = 200

  /// The same, where there is very much with a last sentence that counts the rest.
  func cut(_ path: String) -> VerificationReport {
    func cut<Entry>(_ entries: [Entry], _ rest: (Int) -> Entry) -> [Entry] {
      entries.count > Self.most ? entries.prefix(Self.most) + [rest(entries.count - Self.most)] : entries
    }
    return VerificationReport(
      faults: cut(faults) { .more(file: path, count: $0) },
      unproved: cut(unproved) { .more(file: path, count: $0) })
  }
}
