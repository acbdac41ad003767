import Ancestral
public import CAncestral

/// What an `anc_family` points to.
final class FamilyHandle: Sendable {
  let family: SCMFamily
  let specification: FamilySpecification

  init(_ specification: FamilySpecification) throws {
    family = try SCMFamily(specification)
    self.specification = specification
  }
}

@c @implementation
public func anc_family_create(
  _ json: UnsafePointer<CChar>?, _ out: UnsafeMutablePointer<OpaquePointer?>
) -> anc_status {
  guarded {
    let text = String(cString: try required(json, "json"))
    out.pointee = makeHandle(try FamilyHandle(FamilySpecification(json: text)))
    return ANC_OK
  }
}

@c @implementation
public func anc_family_free(_ family: OpaquePointer?) -> anc_status { freeHandle(family, as: FamilyHandle.self) }

@c @implementation
public func anc_family_config(
  _ family: OpaquePointer?, _ out: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ needed: UnsafeMutablePointer<Int>
) -> anc_status {
  guarded {
    write(try unwrap(family, as: FamilyHandle.self, "family").specification.canonicalJSON, to: out, capacity, needed)
  }
}

@c @implementation
public func anc_family_fingerprint(
  _ family: OpaquePointer?, _ out: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ needed: UnsafeMutablePointer<Int>
) -> anc_status {
  guarded {
    write(try unwrap(family, as: FamilyHandle.self, "family").specification.fingerprint, to: out, capacity, needed)
  }
}

@c @implementation
public func anc_family_max_nodes(_ family: OpaquePointer?, _ out: UnsafeMutablePointer<Int64>) -> anc_status {
  guarded {
    out.pointee = Int64(try unwrap(family, as: FamilyHandle.self, "family").family.nodeCounts.upperBound)
    return ANC_OK
  }
}
