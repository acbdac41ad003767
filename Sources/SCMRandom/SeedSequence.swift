import SCMBase

/// The seeds of a run's tasks: seed number i is a pure function of the base seed, the domain and i.
///
///     let seeds = SeedSequence.training(base: 0)      // the elastic order: one sequence for all workers
///     let first = seeds[0]
///
/// Domains keep training and fixed sets apart; within one sequence no two seeds are equal (Threefry is a bijection).
public struct SeedSequence: Hashable, Sendable {
  /// The key under which task numbers become seeds.
  public let key: UInt64
  /// The number of the first task among those of the key.
  private let first: UInt64

  private init(key: UInt64, first: UInt64 = 0) {
    self.key = key
    self.first = first
  }

  static let trainingDomain: UInt64 = 0x5343_4D54_5241_494E  // "SCMTRAIN"
  static let fixedDomain: UInt64 = 0x5343_4D46_4958_4544  // "SCMFIXED"
  static let retryDomain: UInt64 = 0x5343_4D52_4554_5259  // "SCMRETRY"

  static let changedDomain: UInt64 = 0x5343_4D43_4841_4E47  // "SCMCHANG"

  /// Tasks numbered over all workers; an epoch, where given, starts a fresh sequence.
  public static func training(base: UInt64, epoch: UInt64? = nil) -> SeedSequence {
    let key = Threefry2x32.derive(key: trainingDomain, data: base)
    return SeedSequence(key: epoch.map { Threefry2x32.derive(key: key, data: 1 << 63 | $0) } ?? key)
  }

  /// The sequence of one stream, `offset = rank * num_workers + worker_id`. The pair (base, offset) is hashed, not its
  /// sum, so neighbouring base seeds share nothing.
  public static func stream(base: UInt64, offset: UInt64, epoch: UInt64? = nil) -> SeedSequence {
    SeedSequence(key: Threefry2x32.derive(key: training(base: base, epoch: epoch).key, data: offset))
  }

  /// The default seeds of a fixed set: those of region 0.
  public static func fixed(base: UInt64) -> SeedSequence { fixed(base: base, region: 0) }

  /// The seeds of a fixed set that shares none with those of other regions.
  ///
  /// - Parameter region: below 2³¹. A region has 2³² seeds, and all regions together are the near half of a base seed's fixed seeds.
  public static func fixed(base: UInt64, region: UInt32) -> SeedSequence {
    requireInRelease(region < 1 << 31, "The far half is that of analyses.")
    return SeedSequence(key: Threefry2x32.derive(key: fixedDomain, data: base), first: UInt64(region) << 32)
  }

  /// The seeds of tasks that are only looked at: the far half of the fixed seeds, where no set's region lies.
  public static func analysis(base: UInt64) -> SeedSequence {
    SeedSequence(key: Threefry2x32.derive(key: fixedDomain, data: base), first: 1 << 63)
  }

  public subscript(index: UInt64) -> UInt64 { Threefry2x32.derive(key: key, data: first &+ index) }

  /// The seed of the same slot after `attempt` rejections, so that later tasks keep theirs. Attempt 0 is the seed itself.
  public static func retry(of seed: UInt64, attempt: UInt32) -> UInt64 {
    attempt == 0 ? seed : Threefry2x32.derive(key: seed, data: retryDomain ^ UInt64(attempt))
  }

  /// The key under which a task's mechanisms are drawn again for one of its regimes.
  package static func changed(_ key: TaskKey, regime: Int) -> TaskKey {
    TaskKey(seed: Threefry2x32.derive(key: key.seed, data: changedDomain ^ UInt64(regime)))
  }
}
