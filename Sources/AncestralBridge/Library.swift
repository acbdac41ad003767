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
