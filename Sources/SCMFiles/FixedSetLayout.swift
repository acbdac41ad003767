public import SCMBase
public import SCMExperiments

/// The tensors and the metadata of a fixed set's file, whoever drew the tasks: T plain tasks of at most N nodes,
///
///     X            float32 [T, rows, N]    0 past a task's own nodes
///     adjacency    float32 [T, N, N]       of 0 and 1
///     node_counts  int32   [T]
///     hashes       uint8   [T, 32]         of the graphs, level exact
///     seeds        uint8   [T, 8]          most significant byte first
///
/// or T experiments of a design: each array of its layout, of shape [T, ...], beside hashes and seeds. Tensors lie in the order of their
/// types, float32 int32 int16 int8 uint8 bool, and then of their names. The metadata are texts: `format`, `engine_version`, `config` of the
/// family, `design` where there is one, and the `fingerprint` of family and design. A file of a corpus has metadata besides.
public struct FixedSetLayout: Sendable {
  /// The family's configuration: canonical JSON, where no strategy was written in Python.
  public let config: String
  /// Canonical JSON; `nil` for plain tasks.
  public let design: String?
  /// Of the family, or of a design's experiments on its tasks.
  public let fingerprint: String
  /// Rows of each plain task; 0 with a design, which has them.
  public let sampleCount: Int
  /// Metadata besides.
  public let more: [String: String]
  /// What a task has besides its hash and its seed.
  private let arrays: [SafetensorsHeader.Listed]

  public static let format = "1"

  /// - Parameter width: the most nodes of a task.
  public init(
    config: String, fingerprint: String, sampleCount: Int, width: Int, more: [String: String] = [:]
  ) {
    self.config = config
    design = nil
    self.fingerprint = fingerprint
    self.sampleCount = sampleCount
    self.more = more
    arrays = [
      ("X", .float32, [sampleCount, width]), ("adjacency", .float32, [width, width]), ("node_counts", .int32, []),
    ]
  }

  /// - Parameters:
  ///   - fingerprint: of family and design.
  ///   - nodeCounts: the numbers of nodes that a task may have.
  ///   - mayBeDiscrete: whether nodes may have other values than continuous ones.
  /// - Throws: `ConfigError` where the design can't be had of such tasks, or has another number of rows for each batch.
  public init(
    config: String, fingerprint: String, design: Design, nodeCounts: ClosedRange<Int>, mayBeDiscrete: Bool,
    more: [String: String] = [:]
  ) throws(ConfigError) {
    guard design.batchRows(firstSeed: 0) == nil else {
      throw ConfigError(
        path: "design.n_samples_per", value: "\"per_batch\"",
        reason: "must be \"per_task\" in a fixed set, whose tasks are the same in whatever batch they stand")
    }
    self.config = config
    self.design = design.canonicalJSON
    self.fingerprint = fingerprint
    sampleCount = 0
    self.more = more
    arrays = try Layout(design, nodeCounts: nodeCounts, mayBeDiscrete: mayBeDiscrete).entries.map { entry in
      (entry.name, SafetensorsHeader.ElementType(entry.output.type), entry.shape)
    }
  }

  /// A name of its own for each engine version, family, design, list of seeds and number of rows.
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
    var own = [
      "format": Self.format, "engine_version": ancestralVersion, "config": config, "fingerprint": fingerprint,
    ]
    own["design"] = design
    return own.merging(more) { $1 }
  }

  /// The numbers of one task, its hash and its seed left out.
  var valuesPerTask: Int { arrays.reduce(0) { $0 + $1.shape.reduce(1, *) } }

  private func tensors(taskCount: Int) -> [SafetensorsHeader.Listed] {
    let all: [SafetensorsHeader.Listed] = arrays + [("hashes", .uint8, [32]), ("seeds", .uint8, [8])]
    // The order in which safetensors' own library has them in a file.
    let kinds: [SafetensorsHeader.ElementType] = [.float32, .int32, .int16, .int8, .uint8, .bool]
    let keyed = all.map { (kinds.firstIndex(of: $0.type) ?? kinds.count, $0) }
    return keyed.sorted { ($0.0, $0.1.name) < ($1.0, $1.1.name) }.map { _, tensor in
      (tensor.name, tensor.type, [taskCount] + tensor.shape)
    }
  }

  /// Most significant byte first.
  public static func bytes(of seeds: [UInt64]) -> [UInt8] {
    seeds.flatMap { seed in (0..<8).map { UInt8(truncatingIfNeeded: seed >> (56 - 8 * $0)) } }
  }

  static func seeds(in bytes: [UInt8]) -> [UInt64] {
    stride(from: 0, to: bytes.count, by: 8).map { bytes[$0..<$0 + 8].reduce(0) { $0 << 8 | UInt64($1) } }
  }
}

extension SafetensorsHeader.ElementType {
  fileprivate init(_ type: Output.ElementType) {
    self =
      switch type {
      case .float32: .float32
      case .int32: .int32
      case .int16: .int16
      case .int8: .int8
      case .bool: .bool
      }
  }
}
