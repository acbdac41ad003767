import Foundation
import SCMRandom

/// What these tests read of Tests/Vectors/vectors.json, the golden vectors of both languages.
struct Vectors: Decodable {
  struct Cipher: Decodable, Sendable {
    let rounds: Int
    let counter, key, block: Words
  }
  struct Derived: Decodable, Sendable { let key, data, result: Hex }
  struct Training: Decodable, Sendable {
    let base: UInt64
    let key: Hex
  }
  struct Stream: Decodable, Sendable {
    let base, offset: UInt64
    let key: Hex
    let seeds, retries_of_seed_0: [Hex]
  }
  struct Fixed: Decodable, Sendable {
    let base: UInt64
    let seeds: [Hex]
  }
  struct Block: Decodable, Sendable {
    let counter: [UInt32]
    let block: Words
  }
  struct ConstantBlock: Decodable, Sendable {
    let seed: Hex
    let counter: [UInt32]
    let block: Words
  }

  let philox4x32, threefry2x32: [Cipher]
  let derived: [Derived]
  let training: [Training]
  let streams: [Stream]
  let fixed: [Fixed]
  let block_seed: Hex
  let blocks: [Block]
  let permutations: [[Int]]
  let constant_blocks: [ConstantBlock]

  static func load() throws -> Vectors {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try JSONDecoder().decode(
      Vectors.self, from: Data(contentsOf: tests.appending(path: "Vectors/vectors.json")))
  }
}

/// A 64-bit word, written as 16 hex digits.
struct Hex: Decodable, Sendable {
  let value: UInt64

  init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let value = UInt64(text, radix: 16) else { throw UnreadableVector(text: text) }
    self.value = value
  }
}

/// 32-bit words, written as hex with spaces between them.
struct Words: Decodable, Sendable {
  let values: [UInt32]

  init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    values = try text.split(separator: " ").map { word in
      guard let value = UInt32(word, radix: 16) else { throw UnreadableVector(text: text) }
      return value
    }
  }

  var pair: SIMD2<UInt32> { SIMD2(values[0], values[1]) }
  var quadruple: SIMD4<UInt32> { SIMD4(values[0], values[1], values[2], values[3]) }
}

struct UnreadableVector: Error { let text: String }
