public import SCMBase
import SCMRandom

/// How many rows a task has, and how many of them are asked about.
public struct RowSizes: Configurable {
  /// The law of a number of rows.
  public enum SizeLaw: String, NamedChoice {
    /// Each number of the range is as likely as the next.
    case uniform
    /// The logarithm is uniform.
    case logUniform = "log_uniform"
  }

  /// What shares a number of rows.
  public enum SizePer: String, NamedChoice {
    /// Each task has its own; arrays are padded to the largest.
    case task = "per_task"
    /// All tasks of a batch have one, that of the batch's first task; nothing is padded.
    case batch = "per_batch"
  }

  public var sampleCount = 1000
  public var maxSampleCount: Int?
  public var law = SizeLaw.uniform
  public var per = SizePer.task
  public var query = 0.0

  public init() {}

  public var fields: [Field<Self>] {
    [
      .integer(
        "n_samples", \.sampleCount, in: 1...(1 << 24),
        "Rows without an intervention, or the least of a range."),
      .optionalInteger(
        "n_samples_max", \.maxSampleCount, in: 1...(1 << 24),
        "Largest number of rows, where it is drawn; null for n_samples."),
      Field.choice("n_samples_law", \.law, "Law of the number of rows: uniform or log_uniform.").when(\.isRange),
      Field.choice(
        "n_samples_per", \.per,
        "What has a number of rows of its own: per_task (arrays are padded to the largest) or per_batch (no padding)."
      ).when(\.isRange),
      .number(
        "query", \.query, in: .from(0, to: 0x1p24),
        "Rows at the end that are asked about and no statistic may see: a share of the rows where below 1, else their number."
      ),
    ]
  }

  var isRange: Bool { maxSampleCount.map { $0 > sampleCount } ?? false }
  var most: Int { max(maxSampleCount ?? sampleCount, sampleCount) }

  func check() throws(ConfigError) {
    try ConfigError.checkRange("n_samples", sampleCount, to: maxSampleCount)
    guard query < 1 || query == query.rounded() else {
      throw ConfigError(path: "query", value: "\(query)", reason: "must be a share below 1, or a whole number of rows")
    }
    guard queryCount(of: sampleCount) < sampleCount, query < Double(sampleCount) else {
      throw ConfigError(
        path: "query", value: "\(query)",
        reason: "must be below n_samples, \(sampleCount), so that rows are left as context")
    }
  }

  /// - Parameter further: how many rows there are under interventions.
  func checkQuery(further: Int) throws(ConfigError) {
    let rows = sampleCount + further
    guard query == 0 || queryCount(of: rows) > 0 else {
      throw ConfigError(
        path: "query", value: "\(query)",
        reason: "must be 0, or a share that gives one of \(rows) rows at least, so that rows are asked about")
    }
  }

  /// The number of rows of the task of a key, or of the batch that begins with it.
  func count(key: TaskKey) -> Int {
    guard isRange else { return sampleCount }
    let u = Double(unit: key.block(0, purpose: .sizes).word64(0))
    let (least, span) = (Double(sampleCount), Double(most - sampleCount + 1))
    switch law {
    case .uniform: return sampleCount + Int(u * span)
    case .logUniform:
      // The whole part of a log-uniform number from the least to one above the most.
      let ratio = Elementary.log((Double(most) + 1) / least)
      return min(max(Int(least * Elementary.exp(u * ratio)), sampleCount), most)
    }
  }

  /// How many of some rows are asked about.
  func queryCount(of rows: Int) -> Int {
    query >= 1 ? min(Int(query), rows) : Int((query * Double(rows)).rounded(.toNearestOrAwayFromZero))
  }
}

extension Design {
  /// The number of observational rows of the batch that begins with a seed, where all its tasks have one; else `nil`.
  package func batchRows(firstSeed: UInt64) -> Int? {
    rows.isRange && rows.per == .batch ? rows.count(key: TaskKey(seed: firstSeed)) : nil
  }
}
