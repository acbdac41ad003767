import Foundation
import SCMBase
import SCMDatasets
import SCMFamilies
import SCMFiles
import SCMRandom
import SCMTestSupport
import Testing

@Suite struct SafetensorsTests {
  private let header =
    #"{"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"U8","shape":[4],"data_offsets":[24,28]}}"#

  /// What a file of that header and data says, or the sentence that refuses it.
  private func read(_ header: String, length: UInt64? = nil, data: Int = 28) throws -> Result<
    SafetensorsHeader, FileError
  > {
    try temporaryFolder { folder in
      let text = Array(header.utf8)
      let count = length ?? UInt64(text.count)
      let bytes =
        (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) } + text + [UInt8](repeating: 7, count: data)
      try Data(bytes).write(to: folder.appending(path: "x"))
      return Result { () throws(FileError) in try SafetensorsReader(folder.appending(path: "x").path).header }
    }
  }

  @Test func aWellFormedFileIsRead() throws {
    let found = try read(header).get()
    #expect(found["a"]?.shape == [2, 3] && found["a"]?.type == .float32 && found["b"]?.bytes == 24..<28)
    #expect(found["c"] == nil && found.metadata.isEmpty)
    let empty = try read(
      #"{"__metadata__":{"k":"v"},"z":{"dtype":"I64","shape":[0,5],"data_offsets":[0,0]}}  "#, data: 0
    ).get()
    #expect(empty.metadata == ["k": "v"] && empty["z"]?.shape == [0, 5])
    #expect(try read(header.replacing("\"b\"", with: "\"-1.5e3\"")).get()["-1.5e3"]?.shape == [4])
    #expect(try read("{}", data: 0).get().tensors.isEmpty)
  }

  @Test func aHostileHeaderIsASentence() throws {
    let cases: [(from: String, to: String, says: String)] = [
      (#""F32""#, #""F33""#, #"dtype "F33", which is unknown"#), (#""F32""#, "4", "dtype 4"),
      ("[2,3]", "[2,-3]", "which can't be"), ("[2,3]", "[4611686018427387904,4611686018427387904]", "which can't be"),
      ("[2,3]", "[9223372036854775807]", "which can't be"), ("[2,3]", "[1e30]", "which can't be"),
      ("[2,3]", "[2.0,3]", "which can't be"), ("[0,24]", "[0,2.4e1]", "must span"),
      ("[2,3]", "[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,2,3]", "which can't be"),
      ("[2,3]", "[2,4]", "must span 32 bytes"), ("[2,3]", "6", "which can't be"), ("[2,3]", "[[2]]", "which can't be"),
      ("[0,24]", "[24,0]", "must span 24 bytes"), ("[0,24]", "[4,28]", "must start at 0"),
      ("[24,28]", "[20,24]", "must start at 24"), ("[24,28]", "[25,29]", "must start at 24"),
      ("[0,24]", "[0]", "must span"), ("[0,24]", "[-24,0]", "must span"),
      ("[24,28]", "[9223372036854775803,9223372036854775807]", "must start at 24"),
      (#""b""#, #""a""#, "names a twice"),
      (#""shape":[4]"#, #""shape":[4],"shape":[4]"#, "names shape twice"),
      (#"{"a""#, #"{"__metadata__":{"k":1},"a""#, #"metadata "k" must be text"#),
      (#"{"a""#, #"{"__metadata__":[],"a""#, "must be an object"), (#"{"a""#, #"{"x":null,"a""#, "must be an object"),
      ("}}", "}", "must hold a JSON object"), ("}}", "}}}", "must hold a JSON object"),
      ("{", "[", "must hold a JSON object"),
    ]
    for (from, to, says) in cases {
      let range = try #require(header.range(of: from), "\(from)")
      let changed = header.replacingCharacters(
        in: from == "}}" ? header.range(of: "}}", options: .backwards) ?? range : range, with: to)
      let error = #expect(throws: FileError.self, "\(to)") { try read(changed).get() }
      #expect(error?.description.contains(says) == true, "\(to): \(error.map { "\($0)" } ?? "")")
    }
  }

  @Test func lengthsThatTheFileHasNotAreASentence() throws {
    for length: UInt64 in [0, 1, 140, 1 << 24, 1 << 25, 1 << 62, 1 << 63, .max] {
      #expect(throws: FileError.self, "\(length)") { try read(header, length: length).get() }
    }
    for data in [0, 27, 29] { #expect(throws: FileError.self, "\(data)") { try read(header, data: data).get() } }
    let deep = String(repeating: "[", count: 1_000_000)
    #expect(throws: FileError.self) { try read(#"{"a":"# + deep + "}").get() }
  }

  /// Any change of a few bytes is read or refused, and never ends the process.
  @Test func changedBytesAreReadOrRefused() throws {
    var words = TaskKey(seed: 5).words(purpose: .user)
    var refused = 0
    for _ in 0..<150 {
      var text = Array(header.utf8)
      for _ in 0...words.next(below: 3) { text[words.next(below: text.count)] = UInt8(words.next(below: 95) + 32) }
      if case .failure(let error) = try read(String(decoding: text, as: UTF8.self)) {
        refused += 1
        #expect(error.description.hasSuffix("."))
      }
    }
    #expect(refused > 75)
  }

  @Test func whatIsWrittenIsReadBack() throws {
    let written = try SafetensorsHeader(
      [("X", .float32, [2, 3]), ("n", .uint8, [4])], metadata: ["z": "ü \"\\\n", "a": "{\"b\": 1}"])
    let bytes = written.bytes
    #expect(bytes.count % 8 == 0)
    let text = String(decoding: bytes.dropFirst(8), as: UTF8.self)
    #expect(try read(text).get() == written)
    #expect(throws: ConfigError.self) { try SafetensorsHeader([("X", .float64, [1 << 40, 1 << 40])], metadata: [:]) }
    #expect(throws: ConfigError.self) { try SafetensorsHeader([("X", .uint8, [-1])], metadata: [:]) }
  }
}

/// A folder that is there while the body runs.
func temporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: "ancestral-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}
