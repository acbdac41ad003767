import Foundation
import Testing

/// The option --design: sets of experiments on disk, what describe tells of them, and what is refused.
@Suite struct DesignTests {
  /// Python's tests hold the file that it writes itself against the same checksum.
  @Test func aFrozenSetIsTheFileThatPythonWrites() throws {
    let tool = try Tool()
    let (family, design) = (
      vectors.appending(path: "families/family.yaml").path, vectors.appending(path: "design.yaml")
    )
    let arguments = ["--design", design.path, "--tasks", "4", "--base-seed", "42", "--dir", "a"]
    let result = try tool.shell("$TOOL freeze \(family) \(arguments.joined(separator: " "))")
    #expect(result.status == 0 && result.errors.isEmpty, "\(result)")
    let sum = try tool.shell("cd a; sha256sum * || shasum -a 256 *").output
    #expect(try sum == String(contentsOf: vectors.appending(path: "designed.sha256"), encoding: .utf8))
    #expect(result.output.hasPrefix("a/\(sum.dropFirst(66).dropLast()): 4 tasks of up to 15 nodes under the design, "))
  }

  @Test func whatIsWrittenIsVerified() throws {
    let tool = try Tool()
    try tool.write("n_samples: 30\neffects: {population_rows: 64, mu_draws: 4}\nquery: 10\n", "effects.yaml")
    let sampled = try tool(
      "sample", "notears-mlp", "--design", "effects.yaml", "--seed", "7", "--tasks", "3", "--out", "s", "--json")
    let report = try object(sampled.output)
    #expect(report["tasks"] as? Int == 3 && report["rows"] == nil)
    #expect((report["design"] as? [String: Any])?["query"] as? Int == 10)
    for (threads, name) in [("1", "v"), ("3", "w")] {
      let frozen = try tool(
        "freeze", "notears-mlp", "--design", "effects.yaml", "--tasks", "5", "--set", "val", "--threads", threads,
        "--out", name)
      #expect(frozen.status == 0, "\(frozen)")
    }
    #expect(try tool.bytes("v") == tool.bytes("w"))
    for name in ["s", "v"] {
      let result = try tool("verify", name)
      #expect(result.status == 0 && result.output == "\(name): all is as it was written\n", "\(result)")
    }
    var bytes = try tool.bytes("v")
    bytes[bytes.count - 5 * 40 - 1] ^= 1  // Before hashes and seeds, of the last array of bytes.
    try bytes.write(to: tool.folder.appending(path: "v"))
    let found = try tool("verify", "v")
    #expect(found.status == 1 && found.output.contains("gives other values than"), "\(found)")
  }

  @Test func describeTellsWhatADesignDoes() throws {
    let tool = try Tool()
    let told = try tool("describe", "notears-linear", "--design", "avici-interventional", "--tasks", "10")
    #expect(told.status == 0, "\(told)")
    #expect(told.output.contains("Over 10 experiments") && told.output.contains("target_shift"))
    #expect(told.output.contains("Under the design\n  interventions: {"))
    let described = try object(
      tool("describe", "notears-linear", "--design", "avici-interventional", "--tasks", "10", "--json").output)
    let design = try #require(described["design"] as? [String: Any])
    let summary = try #require(design["summary"] as? [String: Any])
    let statistics = try #require(summary["statistics"] as? [[String: Any]])
    #expect(statistics.first { $0["name"] as? String == "observational_share" }?["mean"] as? Double == 0.75)
    #expect(design["fingerprint"] as? String != described["fingerprint"] as? String)
    let plain = try object(tool("describe", "notears-linear", "--tasks", "10", "--json").output)
    #expect(plain["design"] == nil && plain["fingerprint"] as? String == described["fingerprint"] as? String)
    let none = try tool("describe", "notears-linear", "--design", "avici-interventional", "--tasks", "0")
    #expect(!none.output.contains("Over") && none.output.contains("Under the design"))
  }

  @Test func distancesAreBetweenDesigns() throws {
    let tool = try Tool()
    let arguments = ["--tasks", "40", "--permutations", "99", "--seed", "3"]
    let line = "$TOOL distance iscm --design avici-interventional --design do-pfn \(arguments.joined(separator: " "))"
    let told = try tool.shell(line)
    #expect(told.status == 0 && told.errors.isEmpty, "\(told)")
    #expect(told.output.hasPrefix("iscm under avici-interventional and iscm under do-pfn\n  measure "))
    #expect(told.output.contains("\n  design_energy ") && told.output.contains("\n  rows "))
    #expect(told.output.contains("\n  Only iscm under do-pfn has ") && told.output.contains("treated_share"))
    let listed = try JSONSerialization.jsonObject(with: Data(tool.shell("\(line) --threads 2 --json").output.utf8))
    let (result, rest) = try #require((listed as? [[String: Any]]).map { ($0.first, $0.count) })
    #expect(rest == 1 && result?["designs"] as? [String] == ["avici-interventional", "do-pfn"])
    #expect(result?["families"] as? [String] == ["iscm", "iscm"])
    let metrics = try #require((result?["distances"] as? [String: Any])?["metrics"] as? [[String: Any]])
    let rows = metrics.first { $0["name"] as? String == "rows" }
    #expect(rows?["p"] as? Double == 0.01)

    // One design of several families, which of itself is no farther than chance brings it.
    let same = try tool.shell(
      "$TOOL distance iscm notears-linear iscm --design avici-interventional --json \(arguments.joined(separator: " "))"
    )
    let pairs = try #require(JSONSerialization.jsonObject(with: Data(same.output.utf8)) as? [[String: Any]])
    #expect(pairs.map { $0["families"] as? [String] } == [["iscm", "notears-linear"], ["iscm", "iscm"]])
    let energies = pairs.map { pair in
      let metrics = (pair["distances"] as? [String: Any])?["metrics"] as? [[String: Any]]
      return metrics?.first { $0["name"] as? String == "design_energy" }?["p"] as? Double ?? .nan
    }
    #expect(energies[0] == 0.01 && energies[1] > 0.01, "\(energies)")

    try tool.expectRefusal("distance", "iscm", saying: "Give at least two families, or one under two designs.")
    try tool.expectRefusal(
      "distance", "iscm", "iscm", "iscm", "--design", "do-pfn", "--design", "do-pfn",
      saying: "Give one --design, or one for each of the 3 families.")
    try tool.expectRefusal(
      "distance", "iscm", "iscm", "--design", "do-pfn", "--rows", "5", saying: "Give either --rows, or --design")
  }

  @Test func schemaAndPresetsAreTold() throws {
    let tool = try Tool()
    let schema = try object(tool("schema", "--design").output)
    #expect(schema["title"] as? String == "Design")
    let options = try object(tool("presets", "do-pfn").output)
    #expect(options["n_samples"] as? Int == 1024 && options["effects"] is [String: Any])
    #expect(try tool.shell("$TOOL presets do-pfn > d.json").status == 0)
    func fingerprint(_ design: String) throws -> String? {
      let described = try object(tool("describe", "iscm", "--tasks", "0", "--json", "--design", design).output)
      return (described["design"] as? [String: Any])?["fingerprint"] as? String
    }
    #expect(try fingerprint("d.json") == fingerprint("do-pfn"))
    #expect(try tool("presets").output.contains("\nDesigns, for --design\n\navici-interventional\n  Lorch"))
    let listed =
      try JSONSerialization.jsonObject(with: Data(tool("presets", "--json").output.utf8)) as? [[String: String]]
    #expect(listed?.contains { $0["kind"] == "design" && $0["name"] == "causalfm-iv" } == true)
  }

  @Test(arguments: ["dowhy-foundcause", "cauScale-synthetic"])
  func aFamilyAndADesignOfOneNameAreBothPrinted(name: String) throws {
    let tool = try Tool()
    let family = try object(tool("presets", name).output)
    #expect(family["mixture"] != nil || family["n_nodes"] != nil)
    let design = try object(tool("presets", name, "--design").output)
    #expect(design["n_samples"] != nil && design["n_nodes"] == nil)
    try tool.expectRefusal("presets", "iscm", "--design", saying: "must be one of avici-interventional")
  }

  @Test func whatIsNoDesignIsRefused() throws {
    let tool = try Tool()
    func expect(_ design: String, _ fragment: String) throws {
      try tool.expectRefusal("sample", "iscm", "--out", "s", "--design", design, saying: fragment)
    }
    try expect("nowhere.yaml", "nowhere.yaml can't be read: there is no such file.")
    try expect("do-pfm", "it is no preset either: those are avici-interventional, ")
    for (text, fragment) in [
      ("quer: 3\n", "f.yaml: design.quer = 3: is not a field of this configuration (did you mean query?)"),
      ("interventions: {regimes: 0}\n", "f.yaml: design.interventions.regimes = 0: must be"),
      ("interventions: {targets: 2000}\n", "design.interventions.targets = 2000: must be at most n_nodes"),
      ("n_samples: 3\nn_samples_max: 9\nn_samples_per: per_batch\n", "design.n_samples_per = \"per_batch\": must be"),
      ("- 5\n", "must map fields to values"), ("query: [\n", "is not YAML: line 2"),
    ] {
      try tool.write(text, "f.yaml")
      try expect("f.yaml", fragment)
    }
    try tool.write("", "empty.yaml")
    try tool.expectRefusal(
      "sample", "iscm", "--out", "s", "--design", "empty.yaml", "--rows", "5",
      saying: "Give either --rows, or --design")
    try tool.expectRefusal(
      "describe", "iscm", "--design", "causalfm-iv", "--tasks", "5", saying: "design.effects.treatment = \"graph\"")
    #expect(try tool.files == ["empty.yaml", "f.yaml"])
    #expect(try tool("sample", "iscm", "--out", "s", "--design", "empty.yaml").status == 0)
  }

  @Test func completionsAreFilesAndPresetsOfDesigns() throws {
    let tool = try Tool()
    try tool.write("", "dose.yaml")
    let result = try tool(
      "---completion", "sample", "--", "--design", "4", "2", "ancestral", "sample", "iscm", "--design", "do")
    let words = result.output.split(separator: "\n")
    #expect(words.contains("dose.yaml") && words.contains("do-pfn") && !words.contains("notears-linear"), "\(result)")
  }
}
