import Ancestral
public import CAncestral

@c @implementation
public func anc_reserved_create(
  _ digests: UnsafePointer<UInt8>?, _ count: Int, _ level: Int32, _ out: UnsafeMutablePointer<OpaquePointer?>?
) -> anc_status {
  guarded {
    let count = try checked(count, in: 0...(1 << 32), "count")
    let level = try graphLevel(level)
    var registry = HashRegistry(level: level)
    if count > 0 {
      let digests = try required(digests, "digests")
      for index in 0..<count {
        let bytes = (0..<32).map { digests[32 * index + $0] }
        if let digest = GraphDigest(bytes: bytes) { registry.add(digest) }
      }
    }
    try required(out, "out").pointee = makeHandle(registry)
    return ANC_OK
  }
}

@c @implementation
public func anc_reserved_free(_ reserved: OpaquePointer?) -> anc_status {
  freeHandle(reserved, as: HashRegistry.self)
}

@c @implementation
public func anc_reserved_mass(
  _ family: OpaquePointer?, _ design: OpaquePointer?, _ reserved: OpaquePointer?, _ base_seed: UInt64,
  _ drawn: UnsafePointer<UInt64>?,
  _ out: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ needed: UnsafeMutablePointer<Int>?
) -> anc_status {
  guarded {
    let family = try unwrap(family, as: SpecifiedFamily.self, "family").family
    let design = try design.map { try unwrap($0, as: Design.self, "design") }
    let reserved = try unwrap(reserved, as: HashRegistry.self, "reserved")
    let mass =
      if let drawn {
        try ReservedMass(hits: drawn[0], draws: drawn[1])
      } else {
        try ReservedMass(family, design: design, reserved: reserved, baseSeed: base_seed)
      }
    let found: [String: JSONValue] = [
      "hits": .integer(mass.hits), "draws": .integer(mass.draws), "verdict": .string(mass.verdict.rawValue),
      "missing": .integer(
        mass.missingDraws(nodeCount: family.nodeCounts.upperBound, reserved: reserved.count)),
      "sentence": mass.sentence(family, reserved: reserved).map(JSONValue.string) ?? .null,
    ]
    return write(JSONValue.object(found).text, to: out, capacity, needed)
  }
}

extension ReservedMass {
  /// What a caller has counted.
  fileprivate init(hits: UInt64, draws: UInt64) throws {
    let draws = try checked(draws, in: 0...(1 << 40), "drawn[1]")
    self.init(hits: try checked(hits, in: 0...draws, "drawn[0]"), draws: draws)
  }
}
