internal import FoundationEssentials
package import SCMConfiguration
import SCMDatasets
import SCMFamilies

/// A small batch of whole tasks whose bits are kept in `Tests/Vectors/golden.json`.
package struct GoldenTask: Equatable, Sendable {
  package let config: [String: JSONValue]
  package let seeds: [UInt64]
  package let rows: Int
  package let draw: Int

  /// FNV-1a-64 over the batch: rows, adjacency (both Float32, little-endian), then the graphs' digests.
  package func bits(threads: Int) throws -> UInt64 {
    var batch = TaskBatch(try SCMFamily(FamilyConfig(config)), taskCount: seeds.count, sampleCount: rows)
    try batch.fill(seeds: seeds, draw: UInt32(draw), threads: threads)
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    for value in batch.x + batch.adjacency {
      for shift in [0, 8, 16, 24] as [UInt32] { add(UInt8(truncatingIfNeeded: value.bitPattern >> shift)) }
    }
    batch.digests.forEach(add)
    return hash
  }

  package var name: String { JSONValue.object(config).text }
}

extension GoldenTask {
  /// Every graph kind × mechanism × standardisation, every noise law, and what else an option can change.
  package static var all: [GoldenTask] {
    var tasks: [GoldenTask] = []
    // Two seeds, one of which needs all 64 bits.
    func add(rows: Int = 270, draw: Int = 0, _ options: [String: JSONValue]) {
      let small: [String: JSONValue] = [
        "n_nodes": 7, "sparsity_param": 1.25, "mlp_hidden": [5, 9], "gpcde_features": 32,
      ]
      tasks.append(
        GoldenTask(
          config: small.merging(options) { $1 }, seeds: [7, 0xFEDC_BA98_7654_3210], rows: rows, draw: draw))
    }
    let mixtures: [JSONValue] = [
      ["linear": 1], ["mlp": 1], ["gpcde": 1], ["gpcde": 1, "linear": 2, "mlp": 1],
    ]
    for graph in ["erdos_renyi", "scale_free", "stochastic_block"] {
      for mixture in mixtures {
        for mode in ["none", "inputs", "internal"] {
          add(["graph": .string(graph), "mechanism_proportions": mixture, "standardization": .string(mode)])
        }
      }
    }
    for law in ["gaussian", "laplace", "uniform", "gumbel", "logistic", "exponential", "cauchy", "student_t"] {
      add(["noise_type": .string(law), "n_nodes": 4])
    }
    add(["noise_type": "student_t", "noise_degrees_of_freedom": 3, "standardization": "internal"])
    add(["linear_weights": "signed_uniform", "linear_weight_min": 0.25, "n_nodes": 5, "sparsity_param": 2])
    add(["linear_weight_scale": 0.5, "noise_variance_shape": 0.5, "noise_variance_scale": 2])
    add(rows: 40, ["mechanism_proportions": ["mlp": 1], "mlp_hidden": [32, 32]])
    add(["mechanism_proportions": ["mlp": 1], "mlp_hidden": [3], "mlp_init": "torch", "mlp_slope": 0])
    add(["mechanism_proportions": ["mlp": 1], "mlp_hidden": [2, 3, 4, 5], "mlp_init": "n01"])
    add(
      rows: 20,
      [
        "mechanism_proportions": ["gpcde": 1], "gpcde_features": 512, "n_nodes": 4, "calibration_rows": 16,
        "gpcde_kernels": ["rbf", "matern12", "matern32", "matern52"],
      ])
    add(["mechanism_proportions": ["gpcde": 1, "mlp": 1], "root_policy": "noise", "calibration_rows": 300])
    for orientation in ["in", "random"] {
      add(["graph": "scale_free", "scale_free_orientation": .string(orientation), "sparsity_param": 1])
    }
    add(["graph": "stochastic_block", "stochastic_block_count": 3, "stochastic_block_ratio": 0, "sparsity_param": 0.7])
    add(["n_nodes": 3, "n_nodes_max": 9, "sparsity_param": 1])
    add(["n_nodes": 1, "sparsity_param": 0])
    add(rows: 20, ["n_nodes": 70, "sparsity_param": 2, "standardization": "internal"])
    add(draw: 3, [:])
    return tasks
  }
}

/// The golden file: one line per task, so that a diff reads well.
package enum GoldenFile {
  package typealias Line = (task: GoldenTask, bits: UInt64)

  package static func read(_ path: String) throws -> [Line] {
    let file = try JSONDecoder().decode(JSONValue.self, from: Data(contentsOf: URL(filePath: path)))
    guard case .object(let members) = file, case .array(let lines)? = members["tasks"] else { throw malformed }
    return try lines.map { line in
      guard case .object(let line) = line, case .object(let config)? = line["config"],
        case .array(let seeds)? = line["seeds"], case .integer(let rows)? = line["rows"],
        case .integer(let draw)? = line["draw"], let bits = hex(line["bits"])
      else { throw malformed }
      let numbers = seeds.compactMap(hex)
      guard numbers.count == seeds.count else { throw malformed }
      return (GoldenTask(config: config, seeds: numbers, rows: rows, draw: draw), bits)
    }
  }

  package static func write(_ lines: [Line], to path: String) throws {
    let texts = lines.map { task, bits in
      JSONValue.object([
        "bits": .string(hex(bits)), "config": .object(task.config), "draw": .integer(task.draw),
        "rows": .integer(task.rows), "seeds": .array(task.seeds.map { .string(hex($0)) }),
      ]).text
    }
    let about =
      "bits: FNV-1a-64 over one batch: x, adjacency (float32, little-endian), then the 32-byte digests. "
      + "Written by: make vectors"
    let text = "{\"about\": \"\(about)\",\n\"tasks\": [\n" + texts.joined(separator: ",\n") + "\n]}\n"
    try Data(text.utf8).write(to: URL(filePath: path))
  }

  package static func hex(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  private static func hex(_ value: JSONValue?) -> UInt64? {
    guard case .string(let text)? = value else { return nil }
    return UInt64(text, radix: 16)
  }

  private static var malformed: ConfigError {
    ConfigError(path: "golden.json", value: "its text", reason: "must be what make vectors writes")
  }
}
