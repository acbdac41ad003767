import CAncestral
import Foundation
import Testing

@Suite struct ReservedMassTests {
  private func mass(_ family: Family, _ reserved: OpaquePointer?, _ drawn: [UInt64]? = nil) throws -> [String: Any] {
    let json = try text { anc_reserved_mass(family.handle, nil, reserved, 3, drawn, $0, $1, $2) }
    return try #require(JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
  }

  /// Two of the three graphs of two nodes, which take three quarters of the law: as many as the stream's own tasks have.
  @Test func theStreamsFirstThousandGraphsAreCounted() throws {
    let family = try Family(#"{"n_nodes": 2, "sparsity_param": 0.25}"#)
    var seeds = [UInt64](repeating: 0, count: 1000)
    try succeed(anc_stream_seeds(3, -1, -1, 0, 1000, &seeds))
    let batch = try Batch(family, seeds: seeds, samples: 0)
    let hashes = (0..<1000).map { Array(batch.hashes[(32 * $0)..<(32 * $0 + 32)]) }
    var empty = [UInt8](repeating: 0, count: 32)
    try succeed(anc_graph_hash([0, 0, 0, 0], 2, ANC_LEVEL_EXACT, &empty))
    let edge = try #require(hashes.first { $0 != empty })
    var reserved: OpaquePointer?
    try succeed(anc_reserved_create(empty + edge, 2, ANC_LEVEL_EXACT, &reserved))
    defer { _ = anc_reserved_free(reserved) }
    let found = try mass(family, reserved)
    let hits = hashes.count { $0 == empty || $0 == edge }
    #expect(found["hits"] as? Int == hits && found["draws"] as? Int == 1000 && found["missing"] as? Int == 0)
    #expect(found["verdict"] as? String == "worrying")
    #expect((found["sentence"] as? String)?.contains("where 3 graphs exist: each training task will be drawn") == true)
    // What the caller has counted is told in the same words.
    #expect(
      try NSDictionary(dictionary: mass(family, reserved, [UInt64(hits), 1000])) == NSDictionary(dictionary: found))
    #expect(try mass(family, reserved, [0, 0])["missing"] as? Int == 100)
    #expect(try mass(family, reserved, [1000, 1000])["verdict"] as? String == "covered")
  }

  @Test func nothingReservedIsFine() throws {
    var reserved: OpaquePointer?
    try succeed(anc_reserved_create(nil, 0, ANC_LEVEL_EXACT, &reserved))
    defer { _ = anc_reserved_free(reserved) }
    let found = try mass(Family("{}"), reserved)
    #expect(found["hits"] as? Int == 0 && found["draws"] as? Int == 0 && found["missing"] as? Int == 0)
    #expect(found["verdict"] as? String == "fine" && found["sentence"] is NSNull)
  }

  @Test func badArgumentsAreErrors() throws {
    let family = try Family("{}")
    var needed = 0
    var reserved: OpaquePointer?
    try succeed(anc_reserved_create(nil, 0, ANC_LEVEL_EXACT, &reserved))
    defer { _ = anc_reserved_free(reserved) }
    expectError(anc_reserved_mass(nil, nil, reserved, 0, nil, nil, 0, &needed), ANC_ERROR_CONFIG, "family = NULL")
    expectError(
      anc_reserved_mass(family.handle, nil, nil, 0, nil, nil, 0, &needed), ANC_ERROR_CONFIG, "reserved = NULL")
    expectError(
      anc_reserved_mass(family.handle, nil, reserved, 0, [3, 2], nil, 0, &needed), ANC_ERROR_CONFIG, "drawn[0] = 3")
    expectError(
      anc_reserved_mass(family.handle, nil, reserved, 0, [0, .max], nil, 0, &needed), ANC_ERROR_CONFIG, "drawn[1]")
  }
}
