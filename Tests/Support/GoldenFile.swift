internal import FoundationEssentials
import SCMBase
import SCMFamilies

/// The golden file: one line per task, so that a diff reads well.
package enum GoldenFile {
  package typealias Line = (task: GoldenTask, bits: UInt64)

  private static func members(_ path: String) throws -> [String: JSONValue] {
    let file = try JSONDecoder().decode(JSONValue.self, from: Data(contentsOf: URL(filePath: path)))
    guard case .object(let members) = file else { throw malformed }
    return members
  }

  /// The fingerprint of the default family.
  package static func readFingerprint(_ path: String) throws -> String {
    guard case .string(let fingerprint)? = try members(path)["default_fingerprint"] else { throw malformed }
    return fingerprint
  }

  package static func read(_ path: String) throws -> [Line] {
    guard case .array(let lines)? = try members(path)["tasks"] else { throw malformed }
    return try lines.map { line in
      guard case .object(let line) = line, case .object(let config)? = line["config"],
        case .array(let seeds)? = line["seeds"], case .integer(let rows)? = line["rows"],
        case .integer(let draw)? = line["draw"], let bits = hex(line["bits"])
      else { throw malformed }
      let numbers = seeds.compactMap(hex)
      guard numbers.count == seeds.count else { throw malformed }
      return (GoldenTask(config: config, seeds: numbers, rows: rows, draw: draw, design: line["design"]?.members), bits)
    }
  }

  package static func write(_ lines: [Line], to path: String) throws {
    let texts = lines.map { task, bits in
      var line: [String: JSONValue] = [
        "bits": .string(hex(bits)), "config": .object(task.config), "draw": .integer(task.draw),
        "rows": .integer(task.rows), "seeds": .array(task.seeds.map { .string(hex($0)) }),
      ]
      line["design"] = task.design.map(JSONValue.object)
      return JSONValue.object(line).text
    }
    let about =
      "bits: FNV-1a-64 over one batch: x, adjacency (float32, little-endian), then the 32-byte digests; of a design each array's name "
      + "and bytes. "
      + "Written by: make vectors"
    let text = """
      {"about": "\(about)",
      "default_fingerprint": "\(FamilyConfig().fingerprint)",
      "tasks": [
      \(texts.joined(separator: ",\n"))
      ]}

      """
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
