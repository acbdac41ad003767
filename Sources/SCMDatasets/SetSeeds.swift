import SCMBase
public import SCMRandom

extension SeedSequence {
  /// The seeds of the fixed set of a name, such as "test/id": each name has a region of its own, so that sets share no task, and adding
  /// one moves no other.
  public static func set(named name: String, base: UInt64) -> SeedSequence {
    // Thirty-one bits, so that two names share a region with probability 5·10⁻¹⁰.
    let region = SHA256.digest(of: Array(name.utf8)).prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) } >> 1
    return fixed(base: base, region: region)
  }
}
