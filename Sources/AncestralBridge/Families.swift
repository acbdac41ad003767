import Ancestral
public import CAncestral

/// What an `anc_family` points to.
struct SpecifiedFamily: Sendable {
  let family: SCMFamily
  let specification: FamilySpecification

  init(_ specification: FamilySpecification) throws {
    family = try SCMFamily(specification)
    self.specification = specification
  }
}

@c @implementation
public func anc_family_create(
  _ json: UnsafePointer<CChar>?, _ out: UnsafeMutablePointer<OpaquePointer?>?
) -> anc_status {
  guarded {
    let text = String(cString: try required(json, "json"))
    try required(out, "out").pointee = makeHandle(try SpecifiedFamily(FamilySpecification(json: text)))
    return ANC_OK
  }
}

@c @implementation
public func anc_family_free(_ family: OpaquePointer?) -> anc_status { freeHandle(family, as: SpecifiedFamily.self) }

@c @implementation
public func anc_family_config(
  _ family: OpaquePointer?, _ out: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ needed: UnsafeMutablePointer<Int>?
) -> anc_status {
  guarded {
    write(try unwrap(family, as: SpecifiedFamily.self, "family").specification.canonicalJSON, to: out, capacity, needed)
  }
}

@c @implementation
public func anc_family_fingerprint(
  _ family: OpaquePointer?, _ out: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ needed: UnsafeMutablePointer<Int>?
) -> anc_status {
  guarded {
    write(try unwrap(family, as: SpecifiedFamily.self, "family").specification.fingerprint, to: out, capacity, needed)
  }
}

@c @implementation
public func anc_family_components(
  _ family: OpaquePointer?, _ seeds: UnsafePointer<UInt64>?, _ count: Int, _ out: UnsafeMutablePointer<Int32>?
) -> anc_status {
  guarded {
    let family = try unwrap(family, as: SpecifiedFamily.self, "family").family
    let count = try checked(count, in: 0...(1 << 40), "count")
    guard count > 0 else { return ANC_OK }
    let seeds = try required(seeds, "seeds")
    let out = try required(out, "out")
    for index in 0..<count { out[index] = Int32(family.component(ofSeed: seeds[index])) }
    return ANC_OK
  }
}

@c @implementation
public func anc_family_describe(
  _ family: OpaquePointer?, _ out: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ needed: UnsafeMutablePointer<Int>?
) -> anc_status {
  guarded {
    let family = try unwrap(family, as: SpecifiedFamily.self, "family").family
    let members: [String: JSONValue] = [
      "max_nodes": .integer(family.nodeCounts.upperBound), "has_long_tasks": .bool(family.hasLongTasks),
      "discrete": .bool(family.mayBeDiscrete),
      "redraws_divergent": .bool(family.redrawsDivergent),
      "moment_rows": .array(family.components.compactMap(\.family.momentRows).map(JSONValue.integer)),
    ]
    return write(JSONValue.object(members).text, to: out, capacity, needed)
  }
}
