import Ancestral
public import CAncestral
import SCMBase

@c @implementation
public func anc_abi_version() -> Int32 { ANC_ABI_VERSION }

@c @implementation
public func anc_version(
  _ out: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ needed: UnsafeMutablePointer<Int>?
) -> anc_status {
  write(ancestralVersion, to: out, capacity, needed)
}

@c @implementation
public func anc_last_error(
  _ out: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ needed: UnsafeMutablePointer<Int>?
) -> anc_status {
  write(LastError.text, to: out, capacity, needed)
}

@c @implementation
public func anc_cancel_on(_ flag: UnsafePointer<Int32>?) -> anc_status {
  Interruption.flag = flag
  return ANC_OK
}

@c @implementation
public func anc_limits(
  _ out: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ needed: UnsafeMutablePointer<Int>?
) -> anc_status {
  let limits: [String: JSONValue] = [
    "n_nodes": .integer(Limits.nodes.upperBound), "threads": .integer(Limits.threads.upperBound),
  ]
  return write(JSONValue.object(limits).text, to: out, capacity, needed)
}

@c @implementation
public func anc_meant_name(
  _ word: UnsafePointer<CChar>?, _ names: UnsafePointer<CChar>?, _ out: UnsafeMutablePointer<CChar>?, _ capacity: Int,
  _ needed: UnsafeMutablePointer<Int>?
) -> anc_status {
  guarded {
    let word = String(cString: try required(word, "word"))
    let members = try JSONValue.object(in: String(cString: required(names, "names")))
    guard let names = members["names"]?.texts else {
      throw ConfigError(path: "names", value: "\(members["names"] ?? .null)", reason: "must be a list of names")
    }
    return write(meant(by: word, among: names) ?? "", to: out, capacity, needed)
  }
}

@c @implementation
public func anc_schema(
  _ out: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ needed: UnsafeMutablePointer<Int>?
) -> anc_status {
  write(FamilyConfig.schema.text, to: out, capacity, needed)
}

@c @implementation
public func anc_presets(
  _ out: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ needed: UnsafeMutablePointer<Int>?
) -> anc_status {
  let presets = FamilyPreset.all.map { preset in
    JSONValue.object([
      "name": .string(preset.name), "source": .string(preset.source), "config": .object(preset.members),
    ])
  }
  return write(JSONValue.array(presets).text, to: out, capacity, needed)
}
