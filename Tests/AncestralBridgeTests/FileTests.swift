import CAncestral
import Foundation
import Testing

@Suite struct FileTests {
  private let run = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Vectors/run").path

  private func object(_ json: String) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
  }

  @Test func aPlanSaysWhatTheFileOfAFixedSetHas() throws {
    let set = #"{"config": "{}", "fingerprint": "f", "rows": 7, "nodes": 3, "more": {"crc32": "é\"\\"}}"#
    var bytes = [UInt8](repeating: 9, count: 16)
    let plan = try object(text { anc_set_plan(set, [1, 0xFF00_0000_0000_0002], 2, &bytes, $0, $1, $2) })
    #expect(bytes == [0, 0, 0, 0, 0, 0, 0, 1, 0xFF, 0, 0, 0, 0, 0, 0, 2])
    let tensors = try #require(plan["tensors"] as? [[String: Any]])
    #expect(tensors.map { $0["name"] as? String } == ["X", "adjacency", "node_counts", "hashes", "seeds"])
    #expect(tensors.map { $0["type"] as? String } == ["F32", "F32", "I32", "U8", "U8"])
    #expect(tensors.map { $0["shape"] as? [Int] } == [[2, 7, 3], [2, 3, 3], [2], [2, 32], [2, 8]])
    let version = try text { anc_version($0, $1, $2) }
    let metadata = ["format": "1", "engine_version": version, "config": "{}", "fingerprint": "f", "crc32": "é\"\\"]
    #expect(plan["metadata"] as? [String: String] == metadata)
    let header = try #require(plan["header"] as? String)
    #expect(header.utf8.count % 8 == 0)
    #expect(try object(header)["__metadata__"] as? [String: String] == metadata)
    // Other seeds and other rows are another name; what the file says besides is not.
    let name = try #require(plan["name"] as? String)
    func other(_ set: String, _ seeds: [UInt64]) throws -> String? {
      try object(text { anc_set_plan(set, seeds, seeds.count, nil, $0, $1, $2) })["name"] as? String
    }
    let plain = #"{"config": "{}", "fingerprint": "f", "rows": 7, "nodes": 3}"#
    #expect(try other(plain, [1, 0xFF00_0000_0000_0002]) == name)
    #expect(try other(plain, [1, 3]) != name)
    #expect(try other(plain.replacing("7", with: "8"), [1, 0xFF00_0000_0000_0002]) != name)
  }

  @Test func thePlanOfExperimentsHasTheArraysOfTheDesign() throws {
    let set = """
      {"config": "{}", "fingerprint": "f", "least_nodes": 2, "nodes": 3,
       "design": {"n_samples": 7, "interventions": {"n_samples": 2, "regimes": 1}}}
      """
    let plan = try object(text { anc_set_plan(set, [1, 2], 2, nil, $0, $1, $2) })
    let tensors = try #require(plan["tensors"] as? [[String: Any]])
    #expect(
      tensors.map { $0["name"] as? String } == [
        "X", "adjacency", "n_nodes", "regime", "hashes", "seeds", "intervened", "targets",
      ])
    #expect(
      tensors.map { $0["type"] as? String } == ["F32", "F32", "I32", "I32", "U8", "U8", "BOOL", "BOOL"])
    #expect(tensors.first?["shape"] as? [Int] == [2, 9, 3])
    let metadata = try #require(plan["metadata"] as? [String: String])
    #expect(metadata["design"]?.contains(#""n_samples":7"#) == true)
    var needed = 0
    func expect(_ old: String, _ new: String, _ fragment: String) {
      let wrong = set.replacing(old, with: new)
      expectError(anc_set_plan(wrong, nil, 0, nil, nil, 0, &needed), ANC_ERROR_CONFIG, fragment)
    }
    expect(#""least_nodes": 2"#, #""least_nodes": 4"#, "least_nodes = 4")
    expect(#""least_nodes": 2, "#, "", "least_nodes = null: must be a whole number")
    expect(#""regimes": 1"#, #""regimes": 0"#, "design.interventions.regimes = 0")
    expect(
      #""regimes": 1"#, #""regimes": 1, "targets": 3"#, "design.interventions.targets = 3: must be at most n_nodes, 2")
    expect(#"{"n_samples": 7"#, #"{"n_samples": 7, "n_samples_max": 9, "n_samples_per": "per_batch""#, "per_task")
  }

  @Test func anOpenFileSaysWhereItsTensorsStart() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).safetensors")
    defer { try? FileManager.default.removeItem(at: file) }
    let header =
      #"{"__metadata__":{"k":"é"},"b":{"dtype":"U8","shape":[4],"data_offsets":[24,28]},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}"#
    let length = header.utf8.count
    try Data([UInt8(length), 0, 0, 0, 0, 0, 0, 0] + Array(header.utf8) + [UInt8](repeating: 7, count: 28)).write(
      to: file)
    let handle = try FileHandle(forReadingFrom: file)
    let found = try object(text { anc_tensors_read(handle.fileDescriptor, $0, $1, $2) })
    #expect(found["metadata"] as? [String: String] == ["k": "é"])
    let tensors = try #require(found["tensors"] as? [[String: Any]])
    #expect(tensors.map { $0["name"] as? String } == ["a", "b"])
    #expect(tensors.map { $0["type"] as? String } == ["F32", "U8"])
    #expect(tensors.map { $0["shape"] as? [Int] } == [[2, 3], [4]])
    #expect(tensors.map { $0["start"] as? Int } == [8 + length, 8 + length + 24])
    // It is open still, and read from its beginning.
    #expect(try handle.read(upToCount: 1) == Data([UInt8(length)]))
    var needed = 0
    #expect(truncate(file.path, 20) == 0)
    expectError(anc_tensors_read(handle.fileDescriptor, nil, 0, &needed), ANC_ERROR_CONFIG, "its header has")
    expectError(anc_tensors_read(-1, nil, 0, &needed), ANC_ERROR_CONFIG, "it must be a regular file")
  }

  @Test func badPlansAreErrors() {
    var needed = 0
    func expect(_ set: String?, count: Int = 0, _ fragment: String) {
      expectError(anc_set_plan(set, nil, count, nil, nil, 0, &needed), ANC_ERROR_CONFIG, fragment)
    }
    let set = #"{"config": "", "fingerprint": "", "rows": 1, "nodes": 1}"#
    expect(nil, "set = NULL")
    expect(set, count: 1, "seeds = NULL")
    expect(set, count: hugeSize, "count")
    expect("{}", "config = null: must be a text")
    expect(set.replacing(#""nodes": 1"#, with: #""nodes": 2049"#), "nodes = 2049")
    expect(set.replacing(#""rows": 1"#, with: #""rows": -1"#), "rows = -1")
    expect(set.replacing("}", with: #", "more": {"a": 1}}"#), "more = ")
    expect(set.replacing("}", with: #", "design": 3, "least_nodes": 1}"#), "design = 3: must be an object")
  }

  @Test func aRegistryThatCanNotBeReadIsAnErrorInWords() throws {
    var needed = 0
    func expect(_ folder: String?, _ configs: String?, _ fragment: String) {
      expectError(anc_run_read(folder, configs, nil, 0, &needed), ANC_ERROR_CONFIG, fragment)
    }
    expect(nil, nil, "folder = NULL")
    expect("/nowhere", nil, "/nowhere/manifest.json can't be read: No such file or directory")
    expect(run, nil, "config.yaml must map names to families")
    expect(run, "[", "must be a JSON object")
    expect(run, #"{"train": 3}"#, "must have the fingerprints of the families")
  }
}
