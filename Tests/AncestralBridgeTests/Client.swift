import CAncestral
import Testing

// The library as a C program sees it: the header's functions, and memory of one's own.

/// Calls a function with a text output twice: for the size, and for the text.
func text(
  _ call: (UnsafeMutablePointer<CChar>?, Int, UnsafeMutablePointer<Int>) -> anc_status
) throws -> String {
  var needed = 0
  try succeed(call(nil, 0, &needed))
  var bytes = [CChar](repeating: 1, count: needed)
  try succeed(call(&bytes, needed, &needed))
  #expect(needed == bytes.count)
  #expect(bytes.last == 0)
  return String(decoding: bytes.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
}

/// The sentence of this thread's last error.
func lastError() -> String { (try? text { anc_last_error($0, $1, $2) }) ?? "" }

struct Failure: Error {
  let status: anc_status
  let sentence: String
}

func succeed(_ status: anc_status) throws {
  guard status == ANC_OK else { throw Failure(status: status, sentence: lastError()) }
}

/// Expects a status and a sentence of one line that contains every fragment.
func expectError(
  _ status: anc_status, _ expected: anc_status = ANC_ERROR_CONFIG, _ fragments: String...,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(status == expected, sourceLocation: sourceLocation)
  let sentence = lastError()
  let isSentence = sentence.hasSuffix(".") && !sentence.contains("\n")
  #expect(isSentence, "\(sentence)", sourceLocation: sourceLocation)
  for fragment in fragments {
    #expect(sentence.contains(fragment), "\(sentence)", sourceLocation: sourceLocation)
  }
}

/// Owns a family's handle.
final class Family {
  let handle: OpaquePointer
  let maxNodes: Int

  init(_ json: String) throws {
    var out: OpaquePointer?
    try succeed(anc_family_create(json, &out))
    handle = try #require(out)
    maxNodes = try Self.maxNodes(handle)
  }

  static func maxNodes(_ handle: OpaquePointer?) throws -> Int {
    let told = try text { anc_family_describe(handle, $0, $1, $2) }.split(separator: "\"max_nodes\":")[1]
    return try #require(Int(told.prefix { $0.isNumber }))
  }

  deinit { _ = anc_family_free(handle) }
}

/// Owns an instance's handle.
final class Instance {
  let handle: OpaquePointer
  let nodeCount: Int

  init(_ family: Family, seed: UInt64, adjacency: [UInt8]? = nil, nodes: Int = 0) throws {
    var out: OpaquePointer?
    try succeed(anc_instance_create(family.handle, seed, adjacency, nodes, &out))
    handle = try #require(out)
    nodeCount = try Self.nodeCount(handle)
  }

  /// As many as are computed.
  static func nodeCount(_ handle: OpaquePointer?) throws -> Int {
    let order = try text { anc_instance_describe(handle, 0, $0, $1, $2) }.split(separator: "\"order\":[")[1]
    return order.prefix { $0 != "]" }.split(separator: ",").count
  }

  init(owning handle: OpaquePointer, nodeCount: Int) {
    self.handle = handle
    self.nodeCount = nodeCount
  }

  deinit { _ = anc_instance_free(handle) }

  /// Rows of one draw, calling again while there is more.
  func sample(_ rows: Int, first: UInt64 = 0, draw: UInt32 = 0, threads: Int = 1) throws -> [Float] {
    var x = [Float](repeating: .nan, count: rows * nodeCount)
    var done = 0
    while true {
      let status = anc_instance_sample(handle, first, rows, draw, threads, &done, &x, nil)
      if status != ANC_MORE {
        try succeed(status)
        return x
      }
    }
  }
}

/// Owns a sample's handle; with a configuration it holds 20 tasks of that family.
final class Sample {
  let handle: OpaquePointer

  init(_ json: String? = nil) throws {
    var out: OpaquePointer?
    try succeed(anc_sample_create(&out))
    handle = try #require(out)
    guard let json else { return }
    let family = try Family(json)
    let options = #"{"tasks": 20, "rows": 30, "detailed": 1}"#
    try succeed(anc_sample_draw(handle, family.handle, nil, 0, nil, nil, options))
  }

  deinit { _ = anc_sample_free(handle) }
}

/// A batch in arrays of the caller's own.
struct Batch: Equatable {
  var x: [Float]
  var adjacency: [Float]
  var nodeCounts: [Int32]
  var hashes: [UInt8]
  var attempts: [UInt32]
  var calls = 0

  init(
    _ family: Family, seeds: [UInt64], samples: Int, draw: UInt32 = 0, threads: Int = 1, reserved: OpaquePointer? = nil
  ) throws {
    let n = family.maxNodes
    x = [Float](repeating: .nan, count: seeds.count * samples * n)
    adjacency = [Float](repeating: .nan, count: seeds.count * n * n)
    nodeCounts = [Int32](repeating: -1, count: seeds.count)
    hashes = [UInt8](repeating: 1, count: 32 * seeds.count)
    attempts = [UInt32](repeating: 99, count: seeds.count)
    var progress = [Int64](repeating: 0, count: seeds.count)
    while true {
      calls += 1
      let status = anc_tasks_fill(
        family.handle, reserved, seeds, seeds.count, samples, draw, threads, &progress, &x, &adjacency, &nodeCounts,
        &hashes, &attempts)
      if status != ANC_MORE {
        try succeed(status)
        return
      }
    }
  }

  static func == (a: Batch, b: Batch) -> Bool {
    a.x.map(\.bitPattern) == b.x.map(\.bitPattern) && a.adjacency == b.adjacency && a.nodeCounts == b.nodeCounts
      && a.hashes == b.hashes && a.attempts == b.attempts
  }
}

/// What a C program would write as SIZE_MAX.
let hugeSize = -1

/// Gives work more and more features until it comes in slices, which on a fast machine takes more work than on a slow one.
///
/// The most features make 10¹⁰ cosines, which no machine could do in a slice of 50 ms: five cores of 5 GHz do at most 0.8·10¹²
/// multiply-adds of Float32 in a second (two times 16 lanes), and a cosine takes more than five.
///
/// - Parameter work: in how many calls it was done, with so many features.
func untilInSlices(
  sourceLocation: SourceLocation = #_sourceLocation, _ work: (_ features: Int) throws -> Int
) rethrows {
  for features in [2048, 8192, 65_536] where try work(features) > 1 { return }
  Issue.record("Long work is one call.", sourceLocation: sourceLocation)
}
