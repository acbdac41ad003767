public import SCMBase

/// At which level two graphs count as the same.
public enum GraphLevel: String, NamedChoice, Codable {
  /// The same labelled graph.
  case exact
  /// Markov equivalent: the same skeleton and the same v-structures.
  case mec
  /// Isomorphic. Isomorphic graphs always have equal digests; a few non-isomorphic ones share theirs too.
  case iso
}

/// The SHA-256 of a graph's canonical bytes: the same in every process, on every machine, for ever.
public struct GraphDigest: Hashable, Comparable, Sendable {
  public let bytes: [UInt8]

  /// - Parameter bytes: 32 bytes.
  public init?(bytes: [UInt8]) {
    guard bytes.count == 32 else { return nil }
    self.bytes = bytes
  }

  fileprivate init(of data: [UInt8]) {
    bytes = SHA256.digest(of: data)
  }

  /// 64 lower-case hex digits.
  public var hex: String { bytes.hex }

  public static func < (a: GraphDigest, b: GraphDigest) -> Bool { a.bytes.lexicographicallyPrecedes(b.bytes) }
}

extension AdjacencyMatrix {
  public func digest(level: GraphLevel = .exact) -> GraphDigest {
    switch level {
    case .exact: GraphDigest(of: canonicalBytes(kind: 0))
    case .mec: GraphDigest(of: pattern.canonicalBytes(kind: 1))
    case .iso: GraphDigest(of: refinedColours)
    }
  }

  /// "SCMG", version 1, kind, two zero bytes, the node count (little-endian), then the matrix row by row, bit 7 first.
  public func canonicalBytes(kind: UInt8) -> [UInt8] {
    let bitBytes = (nodeCount * nodeCount + 7) / 8
    let start = 12
    var bytes = [UInt8](equal: 0, count: start + bitBytes)
    (bytes[0], bytes[1], bytes[2], bytes[3]) = (0x53, 0x43, 0x4D, 0x47)
    (bytes[4], bytes[5]) = (1, kind)
    for place in 0..<4 { bytes[8 + place] = UInt8(truncatingIfNeeded: nodeCount >> (8 * place)) }
    for parent in 0..<nodeCount {
      forEachChild(of: parent) { child in
        let bit = parent * nodeCount + child
        bytes[start + bit >> 3] |= 0x80 >> UInt8(bit & 7)
      }
    }
    return bytes
  }

  /// The skeleton with the v-structures directed: two graphs are Markov equivalent exactly when theirs are equal.
  ///
  /// Source: Verma and Pearl, "Equivalence and synthesis of causal models", UAI 1990.
  ///
  /// - Complexity: O(n² + Σ indegree²).
  public var pattern: AdjacencyMatrix {
    var pattern = self
    for (parent, child) in edges { pattern[child, parent] = true }
    for child in 0..<nodeCount where !Interruption.isRequested {
      let parents = parents(of: child)
      for (index, a) in parents.enumerated() {
        for b in parents[..<index] where !self[a, b] && !self[b, a] {
          pattern[child, a] = false
          pattern[child, b] = false
        }
      }
    }
    return pattern
  }

  /// What the directed Weisfeiler–Leman refinement ends with: the node count and all colours, sorted.
  ///
  /// As many rounds as nodes, at most 128: fewer rounds tell fewer graphs apart, and stay sound.
  private var refinedColours: [UInt8] {
    let incoming = transposed
    var colours = [[UInt8]](repeating: Self.colour([Array("init".utf8)]), count: nodeCount)
    for _ in 0..<min(nodeCount, 128) {
      colours = (0..<nodeCount).map { node in
        guard !Interruption.isRequested else { return [] }
        return Self.colour([
          colours[node], Self.joined(incoming.children(of: node).map { colours[$0] }),
          Self.joined(children(of: node).map { colours[$0] }),
        ])
      }
    }
    return Self.prefixed([UInt32(nodeCount).littleEndianBytes, Self.joined(colours)])
  }

  private static func colour(_ parts: [[UInt8]]) -> [UInt8] { Array(GraphDigest(of: prefixed(parts)).bytes.prefix(16)) }

  private static func joined(_ colours: [[UInt8]]) -> [UInt8] {
    Array(colours.sorted { $0.lexicographicallyPrecedes($1) }.joined())
  }

  private static func prefixed(_ parts: [[UInt8]]) -> [UInt8] {
    parts.flatMap { UInt32($0.count).littleEndianBytes + $0 }
  }
}

extension UInt32 {
  var littleEndianBytes: [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: self >> (8 * $0)) } }
}
