import Ancestral
public import CAncestral
import SCMBase
import SCMExperiments

@c @implementation
public func anc_run_read(
  _ folder: UnsafePointer<CChar>?, _ configs: UnsafePointer<CChar>?, _ out: UnsafeMutablePointer<CChar>?,
  _ capacity: Int, _ needed: UnsafeMutablePointer<Int>?
) -> anc_status {
  guarded {
    let folder = String(cString: try required(folder, "folder"))
    let configs = try configs.map { JSONValue.object(try JSONValue.object(in: String(cString: $0))) }
    return write(try RunRegistry(folder: folder, configs: configs).json().text, to: out, capacity, needed)
  }
}

@c @implementation
public func anc_tensors_read(
  _ descriptor: Int32, _ out: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ needed: UnsafeMutablePointer<Int>?
) -> anc_status {
  guarded {
    let reader = try SafetensorsReader(FileReader(descriptor: descriptor))
    let tensors = reader.header.tensors.map { tensor in
      JSONValue.object([
        "name": .string(tensor.name), "type": .string(tensor.type.rawValue),
        "shape": .array(tensor.shape.map(JSONValue.integer)),
        "start": .integer(reader.start + tensor.bytes.lowerBound),
      ])
    }
    let found: [String: JSONValue] = [
      "metadata": .object(reader.header.metadata.mapValues(JSONValue.string)), "tensors": .array(tensors),
    ]
    return write(JSONValue.object(found).text, to: out, capacity, needed)
  }
}

@c @implementation
public func anc_set_plan(
  _ set: UnsafePointer<CChar>?, _ seeds: UnsafePointer<UInt64>?, _ count: Int,
  _ seed_bytes: UnsafeMutablePointer<UInt8>?, _ out: UnsafeMutablePointer<CChar>?, _ capacity: Int,
  _ needed: UnsafeMutablePointer<Int>?
) -> anc_status {
  guarded {
    let layout = try FixedSetLayout(JSONValue.object(in: String(cString: required(set, "set"))))
    let count = try checked(count, in: 0...(1 << 32), "count")
    let seeds = count > 0 ? try required(seeds, "seeds") : nil
    let listed = seeds.map { seeds in (0..<count).map { seeds[$0] } } ?? []
    if let seed_bytes {
      for (place, byte) in FixedSetLayout.bytes(of: listed).enumerated() { seed_bytes[place] = byte }
    }
    let header = try layout.header(taskCount: count)
    let tensors = header.tensors.map { tensor in
      JSONValue.object([
        "name": .string(tensor.name), "type": .string(tensor.type.rawValue),
        "shape": .array(tensor.shape.map(JSONValue.integer)),
      ])
    }
    let plan: [String: JSONValue] = [
      "name": .string(layout.name(seeds: listed)), "tensors": .array(tensors),
      "metadata": .object(header.metadata.mapValues(JSONValue.string)),
      "header": .string(String(decoding: header.bytes.dropFirst(8), as: UTF8.self)),
    ]
    return write(JSONValue.object(plan).text, to: out, capacity, needed)
  }
}

extension FixedSetLayout {
  /// The layout that members {"config", "fingerprint", "rows", "nodes", "more"} describe, or with a design {"config", "fingerprint",
  /// "design", "least_nodes", "nodes", "discrete", "more"}.
  fileprivate init(_ members: [String: JSONValue]) throws {
    func value<Value>(_ name: String, _ right: String, _ found: Value?) throws -> Value {
      guard let found else {
        throw ConfigError(path: name, value: "\(members[name] ?? .null)", reason: "must be \(right)")
      }
      return found
    }
    let more = members["more"]?.members ?? [:]
    let texts = more.compactMapValues(\.string)
    let config = try value("config", "a text", members["config"]?.string)
    let fingerprint = try value("fingerprint", "a text", members["fingerprint"]?.string)
    let width = try checked(value("nodes", "a whole number", members["nodes"]?.natural), in: Limits.nodes, "nodes")
    let besides = try value("more", "an object of texts", texts.count == more.count ? texts : nil)
    guard let design = members["design"], design != .null else {
      let rows = try checked(value("rows", "a whole number", members["rows"]?.natural), in: 0...mostRows, "rows")
      self.init(config: config, fingerprint: fingerprint, sampleCount: rows, width: width, more: besides)
      return
    }
    let least = try value("least_nodes", "a whole number", members["least_nodes"]?.natural)
    try self.init(
      config: config, fingerprint: fingerprint,
      design: Design(value("design", "an object", design.members)),
      nodeCounts: checked(least, in: Limits.nodes.lowerBound...width, "least_nodes")...width,
      mayBeDiscrete: members["discrete"] == .bool(true), more: besides)
  }
}
