public import SCMBase

/// The tensors and the metadata of a fixed set's file, whoever drew the tasks: T tasks of at most N nodes,
///
///     X            float32 [T, rows, N]    0 past a task's own nodes
///     adjacency    float32 [T, N, N]       of 0 and 1
///     node_counts  int32   [T]
///     hashes       uint8   [T, 32]         of the graphs, level exact
///     seeds        uint8   [T, 8]          most significant byte first
///
/// in this order, and as metadata, all texts: `format`, `engine_version`, `config` and `fingerprint` of the family. A file of a corpus
/// has metadata besides.
public struct FixedSetLayout: Sendable {
  /// The family's configuration: canonical JSON, where no strategy was written in Python.
  public let config: String
  public let fingerprint: String
  /// Rows of each task.
  public let sampleCount: Int
  /// The most nodes of a task.
  public let width: Int
  /// Metadata besides.
  public let more: [String: String]

  public static let format = "1"

  public init(
    config: String, fingerprint: String, sampleCount: Int, width: Int, more: [String: String] = [:]
  ) {
    self.config = config
    self.fingerprint = fingerprint
    self.sampleCount = sampleCount
    self.width = width
    self.more = more
  }

  /// A name of its own for each engine version, family, list of seeds and number of rows.
  public func name(seeds: [UInt64]) -> String {
    let parts = [Self.format, ancestralVersion, fingerprint, "\(sampleCount)"]
    let digest = SHA256.digest(of: Array(parts.joined(separator: "\n").utf8) + Self.bytes(of: seeds))
    return "fixed-\(digest.prefix(16).hex).safetensors"
  }

  /// - Throws: where the tensors have more bytes than a file can.
  public func header(taskCount: Int) throws(ConfigError) -> SafetensorsHeader {
    try SafetensorsHeader(tensors(taskCount: taskCount), metadata: metadata)
  }

  public var metadata: [String: String] {
    let own = [
      "format": Self.format, "engine_version": ancestralVersion, "config": config, "fingerprint": fingerprint,
    ]
    return own.merging(more) { $1 }
  }

  func tensors(taskCount: Int) -> [(name: String, type: SafetensorsHeader.ElementType, shape: [Int])] {
    [
      ("X", .float32, [taskCount, sampleCount, width]), ("adjacency", .float32, [taskCount, width, width]),
      ("node_counts", .int32, [taskCount]), ("hashes", .uint8, [taskCount, 32]), ("seeds", .uint8, [taskCount, 8]),
    ]
  }

  /// Most significant byte first.
  public static func bytes(of seeds: [UInt64]) -> [UInt8] {
    seeds.flatMap { seed in (0..<8).map { UInt8(truncatingIfNeeded: seed >> (56 - 8 * $0)) } }
  }

  static func seeds(in bytes: [UInt8]) -> [UInt64] {
    stride(from: 0, to: bytes.count, by: 8).map { bytes[$0..<$0 + 8].reduce(0) { $0 << 8 | UInt64($1) } }
  }
}
