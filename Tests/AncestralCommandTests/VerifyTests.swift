import Foundation
import Testing

@Suite struct VerifyTests {
  /// A small set, of which copies are changed.
  private func frozen() throws -> (tool: Tool, bytes: Data) {
    let tool = try Tool()
    try tool.write(#"{"n_nodes": 4, "sparsity_param": 1}"#, "f.json")
    #expect(try tool("freeze", "f.json", "--tasks", "5", "--rows", "8", "--out", "set").status == 0)
    return (tool, try tool.bytes("set"))
  }

  /// The one fault that the tool finds in a file.
  private func fault(_ tool: Tool, _ bytes: Data) throws -> String {
    try bytes.write(to: tool.folder.appending(path: "changed"))
    let result = try tool("verify", "changed", "--json")
    #expect(result.status == 1 && result.errors.isEmpty, "\(result)")
    let report = try object(result.output)
    #expect(report["ok"] as? Bool == false)
    let faults = try #require(report["faults"] as? [String])
    #expect(faults.count == 1, "\(faults)")
    return faults.first ?? ""
  }

  private func replacing(_ old: String, _ new: String, in bytes: Data) throws -> Data {
    #expect(old.utf8.count == new.utf8.count)
    var changed = bytes
    changed.replaceSubrange(try #require(bytes.firstRange(of: Data(old.utf8))), with: Data(new.utf8))
    return changed
  }

  @Test func aChangedValueSeedOrHashIsNamedWithItsTask() throws {
    let (tool, bytes) = try frozen()
    // From the end: 5 seeds of 8 bytes, 5 hashes of 32, 5 counts of 4, 5 graphs of 64, 5 tasks of 128.
    for (fromEnd, names) in [
      (40 - 9, "seeds[1]"), (40 + 160 - 33, "hashes[1]"), (40 + 160 + 20 - 5, "node_counts[1]"),
      (220 + 320 - 65, "adjacency[1]"),
      (220 + 320 + 640 - 129, "X[1]"),
    ] {
      var changed = bytes
      changed[bytes.count - fromEnd] ^= 1
      #expect(try fault(tool, changed).contains(names))
    }
  }

  @Test func anotherEngineConfigOrFingerprintIsFound() throws {
    let (tool, bytes) = try frozen()
    let version = try tool("--version").output.dropLast()
    let other = "9" + version.dropFirst()
    #expect(
      try fault(tool, replacing(#""engine_version":"\#(version)""#, #""engine_version":"\#(other)""#, in: bytes))
        == #"changed: metadata engine_version is "\#(other)", and this engine's is "\#(version)"."#)
    #expect(
      try fault(tool, replacing(#"sparsity_param\":1"#, #"sparsity_param\":0"#, in: bytes)).contains(
        "fingerprint is not that"))
    #expect(
      try fault(tool, replacing(#"n_nodes\":4"#, #"n_nodes\":5"#, in: bytes)).contains(
        "X must be F32 of shape [5, 8, 5]"))
    #expect(try fault(tool, replacing(#""format":"1""#, #""format":"7""#, in: bytes)).contains(#"format is "7""#))
  }

  @Test func aTruncatedFileIsOneSentence() throws {
    let (tool, bytes) = try frozen()
    for length in [0, 5, 8, 30, bytes.count - 1] {
      let fault = try fault(tool, bytes.prefix(length))
      #expect(fault.hasPrefix("changed ") || fault.contains(" changed "), "\(length): \(fault)")
    }
  }

  @Test func whereThereIsNothingToCheckTheStatusIs2() throws {
    let tool = try Tool()
    try tool.expectRefusal("verify", "nowhere", saying: "nowhere can't be read: No such file or directory.")
    try tool.expectRefusal("verify", ".", saying: "manifest.json can't be read")
    try tool.expectRefusal("verify", "/dev/null", saying: "must be a regular file")
    try tool.expectRefusal("verify", ".", "--training-tasks", "-1", saying: "training-tasks")
  }

  /// A copy of a folder of Vectors that DataModule.write_registry of Python wrote: `registry` of this version, `run` of an older one.
  private func copy(_ name: String) throws -> Tool {
    let tool = try Tool()
    try FileManager.default.copyItem(at: vectors.appending(path: name), to: tool.folder.appending(path: "run"))
    return tool
  }

  @Test func aRunIsVerifiedAndWhatIsNotProvedIsSaid() throws {
    let tool = try copy("registry")
    let result = try tool("verify", "run", "--json")
    #expect(result.status == 0, "\(result)")
    let report = try object(result.output)
    #expect(report["ok"] as? Bool == true && (report["faults"] as? [String])?.isEmpty == true)
    let unproved = try #require(report["unproved"] as? [String])
    #expect(unproved.count == 1 && unproved[0].hasPrefix("test/chains: its graphs are drawn by write_vectors.Chain"))
    let text = try tool("verify", "run", "--training-tasks", "0").output.split(separator: "\n")
    #expect(text.count == 3 && text[0].hasPrefix("not proved: train: no task was checked"), "\(text)")
    #expect(text[1] == "not proved: \(unproved[0])" && text[2] == "run: no fault was found")
    for (name, old, new) in [
      ("config.json", #""n_nodes": 4"#, #""n_nodes": 5"#), ("training.json", #""epoch": 0"#, #""epoch": 1"#),
    ] {
      let whole = try tool.bytes("run/\(name)")
      try replacing(old, new, in: whole).write(to: tool.folder.appending(path: "run/\(name)"))
      let result = try tool("verify", "run")
      #expect(result.status == 1 && result.output == "\(name) is not as it was written.\n", "\(result)")
      try whole.write(to: tool.folder.appending(path: "run/\(name)"))
    }
  }

  @Test func anOlderRunIsVerifiedAndEachChangeIsNamed() throws {
    let tool = try copy("run")
    let result = try tool("verify", "run", "--training-tasks", "100", "--json")
    #expect(result.status == 0, "\(result)")
    let report = try object(result.output)
    #expect(report["ok"] as? Bool == true)
    #expect((report["unproved"] as? [String])?.first?.hasPrefix("train: a registry of format 2 has no record") == true)
    for (name, old, new) in [
      ("seeds.json", #""base_seed": "0"#, #""base_seed": "1"#),
      ("hashes.json", #""level": "exact"#, #""level": "exacT"#),
      ("distances.json", #""p": 0"#, #""p": 1"#), ("config.yaml", "n_nodes: 4", "n_nodes: 5"),
      ("manifest.json", #""n_samples": 6"#, #""n_samples": 7"#),
    ] {
      let whole = try tool.bytes("run/\(name)")
      let changed = try replacing(old, new, in: whole)
      try changed.write(to: tool.folder.appending(path: "run/\(name)"))
      let result = try tool("verify", "run")
      #expect(result.status == 1 && result.output == "\(name) is not as it was written.\n", "\(result)")
      try whole.write(to: tool.folder.appending(path: "run/\(name)"))
    }
    try FileManager.default.removeItem(at: tool.folder.appending(path: "run/hashes.json"))
    #expect(try tool("verify", "run").output == "hashes.json can't be read: No such file or directory.\n")
  }
}
