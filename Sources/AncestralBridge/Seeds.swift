import Ancestral
public import CAncestral

@c @implementation
public func anc_stream_seeds(
  _ base_seed: UInt64, _ offset: Int64, _ epoch: Int64, _ first: UInt64, _ count: Int,
  _ out: UnsafeMutablePointer<UInt64>?
) -> anc_status {
  guarded {
    let epoch = try optional(epoch, "epoch")
    let seeds =
      try optional(offset, "offset").map { SeedSequence.stream(base: base_seed, offset: $0, epoch: epoch) }
      ?? .training(base: base_seed, epoch: epoch)
    return try fill(seeds, first, count, out)
  }
}

@c @implementation
public func anc_fixed_seeds(
  _ base_seed: UInt64, _ name: UnsafePointer<CChar>?, _ first: UInt64, _ count: Int,
  _ out: UnsafeMutablePointer<UInt64>?
) -> anc_status {
  guarded {
    let seeds = name.map { SeedSequence.set(named: String(cString: $0), base: base_seed) } ?? .fixed(base: base_seed)
    return try fill(seeds, first, count, out)
  }
}

@c @implementation
public func anc_analysis_seeds(
  _ base_seed: UInt64, _ count: Int, _ out: UnsafeMutablePointer<UInt64>?
) -> anc_status {
  guarded { try fill(.analysis(base: base_seed), 0, count, out) }
}

@c @implementation
public func anc_retry_seed(
  _ reserved: OpaquePointer?, _ seed: UInt64, _ attempt: UInt32, _ out: UnsafeMutablePointer<UInt64>?
) -> anc_status {
  guarded {
    let reserved = try reserved.map { try unwrap($0, as: HashRegistry.self, "reserved") }
    let out = try required(out, "out")
    out.pointee =
      try reserved?.seed(ofAttempt: attempt, at: seed) ?? SeedSequence.retry(of: seed, attempt: attempt)
    return ANC_OK
  }
}

private func fill(
  _ seeds: SeedSequence, _ first: UInt64, _ count: Int, _ out: UnsafeMutablePointer<UInt64>?
) throws -> anc_status {
  let count = try checked(count, in: 0...(1 << 40), "count")
  guard count > 0 else { return ANC_OK }
  let out = try required(out, "out")
  for index in 0..<count { out[index] = seeds[first &+ UInt64(index)] }
  return ANC_OK
}

/// −1 stands for none.
private func optional(_ value: Int64, _ name: String) throws -> UInt64? {
  guard value >= -1 else {
    throw ConfigError(path: name, value: "\(value)", reason: "must be -1 for none, or 0 or more")
  }
  return value < 0 ? nil : UInt64(value)
}
