import Foundation
import Testing

@Suite(.timeLimit(.minutes(30))) struct UsageTests {
  @Test func badUsageIsOneSentenceAndStatus2() throws {
    let tool = try Tool()
    try tool.expectRefusal("melt", saying: "melt")
    try tool.expectRefusal("sample", "iscm", saying: "--out")
    try tool.expectRefusal("sample", "iscm", "--out", "s", "--seed", "-1", saying: "The value '-1' is invalid")
    try tool.expectRefusal("sample", "iscm", "--out", "s", "--tasks", "-1", saying: "--tasks -1: must be from 1 to")
    try tool.expectRefusal("bench", "iscm", "--seconds", "-1", saying: "--seconds -1")
    try tool.expectRefusal("sample", "iscm", "--out", "s", "--seed", "x", saying: "x")
    try tool.expectRefusal(
      "sample", "iscm", "--out", "s", "--tasks", "0", saying: "--tasks 0: must be from 1 to 100000000.")
    try tool.expectRefusal(
      "sample", "iscm", "--out", "s", "--rows", "500000000", saying: "rows = 500000000: must be from 0 to")
    try tool.expectRefusal(
      "sample", "iscm", "--out", "s", "--threads", "0", saying: "--threads 0: must be from 1 to 1024.")
    try tool.expectRefusal("freeze", "iscm", "--out", "s", saying: "--tasks")
    try tool.expectRefusal("freeze", "iscm", "--tasks", "2", "--out", "s", "--dir", "d", saying: "either --out")
    try tool.expectRefusal("distance", "iscm", saying: "at least two families")
    try tool.expectRefusal("presets", "iscn", saying: "must be one of notears-linear")
    #expect(try tool.files.isEmpty)
  }

  @Test func oneOfAThingIsNotToldAsSeveral() throws {
    let tool = try Tool()
    try tool.write(#"{"n_nodes": 2, "sparsity_param": 0.5}"#, "pair.json")
    let told = try tool("describe", "pair.json", "--tasks", "1").output
    #expect(told.contains("\nOver 1 task   ") && told.contains("\nThe task of seed 0: 2 nodes, 1 edge, graph hash\n"))
    try tool.write(#"{"n_nodes": 1, "sparsity_param": 0}"#, "one.json")
    #expect(try tool("describe", "one.json", "--tasks", "0").output.contains("seed 0: 1 node, 0 edges, graph hash\n"))
    let written = try tool("sample", "one.json", "--tasks", "1", "--rows", "1", "--out", "s").output
    #expect(written.hasPrefix("s: 1 task of up to 1 node, 1 row each, "))
  }

  @Test(arguments: ["sample", "describe", "distance", "freeze", "verify", "presets", "schema", "bench"])
  func everySubcommandShowsExamplesAndTakesJSON(name: String) throws {
    let result = try Tool()("help", name)
    #expect(result.status == 0 && result.errors.isEmpty)
    #expect(result.output.contains("Example") && result.output.contains("ancestral \(name)"))
    #expect(result.output.contains("--json"))
  }

  @Test func whatAProgramReadsIsJSON() throws {
    let tool = try Tool()
    for arguments in [["schema", "--json"], ["presets", "iscm"], ["describe", "iscm", "--json"]] {
      #expect(try !object(tool.shell("$TOOL \(arguments.joined(separator: " "))").output).isEmpty)
    }
    let presets =
      try JSONSerialization.jsonObject(with: Data(tool("presets", "--json").output.utf8)) as? [[String: String]]
    #expect(presets?.contains { $0["name"] == "iscm" } == true)
    let distances = try tool(
      "distance", "iscm", "notears-linear", "--tasks", "5", "--rows", "0", "--permutations", "9", "--json")
    #expect(distances.status == 0 && distances.errors.isEmpty && distances.output.contains("edge_js"))
  }

  @Test func theBenchmarkTellsItsKernelsAndItsShareOfThePeak() throws {
    let tool = try Tool()
    let result = try tool.shell(
      "ANCESTRAL_KERNELS=baseline $TOOL bench bcnp-code --rows 16 --seconds 0.01 --json")
    let entries = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]], "\(result)")
    #expect(entries.count == 4 && entries[0]["unit"] as? String == "tasks/s")
    #expect(entries[1]["value"] as? Double == 1 && entries[1]["unit"] as? String == "baseline, by ANCESTRAL_KERNELS")
    let share = try #require(entries[3]["value"] as? Double)
    #expect(share > 0 && share < 1)
    let refused = try tool.shell("ANCESTRAL_KERNELS=v5 $TOOL bench iscm")
    #expect(refused.status == 2 && refused.errors.contains("ANCESTRAL_KERNELS = v5: must be one of baseline"))
  }

  @Test func theBenchmarkRefusesWhatItWouldFindTooLate() throws {
    let tool = try Tool()
    // Minutes would be measured first.
    try tool.expectRefusal("bench", "--json-file", "no/such/folder.json", saying: "can't be written")
    try tool.expectRefusal(
      "bench", "--designs", "linear, nonesuch", saying: "must be a part of a case's name: linear, rows;")
    try tool.expectRefusal("bench", "iscm", "--designs", "do", saying: "either a family, or --designs")
    #expect(try tool.files.isEmpty)
    let written = try tool("bench", "iscm", "--rows", "16", "--seconds", "0.01", "--json-file", "b.json")
    #expect(try written.status == 0 && tool.files == ["b.json"] && !tool.bytes("b.json").isEmpty)
  }

  @Test func anArgumentThatIsNoUTF8IsRefused() throws {
    let tool = try Tool()
    let result = try tool.shell(#"$TOOL sample iscm --rows 2 --out "$(printf 'a\377b')""#)
    #expect(result.status == 2 && result.errors.hasSuffix("b is not UTF-8.\n"), "\(result)")
    #expect(try tool.files.isEmpty)
    #expect(try tool("sample", "iscm", "--rows", "2", "--out", "ä 日").status == 0)
  }

  @Test func describeTellsStatistics() throws {
    let tool = try Tool()
    let described = try object(tool("describe", "notears-linear", "--tasks", "20", "--json").output)
    let summary = try #require(described["summary"] as? [String: Any])
    let statistics = try #require(summary["statistics"] as? [String: [String: Any]])
    // The preset's graphs have exactly 40 edges.
    #expect(statistics["edges"]?["mean"] as? Double == 40 && statistics["mec_bits"] != nil)
    #expect((summary["warnings"] as? [String])?.isEmpty == false)
    let text = try tool("describe", "notears-linear", "--tasks", "20").output
    #expect(text.contains("Over 20 tasks") && text.contains("Warning: var_sortability"))
    #expect(try !tool("describe", "iscm", "--tasks", "0").output.contains("Over"))
    try tool.expectRefusal("describe", "iscm", "--tasks", "-1", saying: "--tasks")
  }

  @Test func completionsAreFilesAndPresets() throws {
    let tool = try Tool()
    #expect(try tool("--generate-completion-script", "bash").output.contains("complete "))
    try tool.write("", "notes.yaml")
    try tool.write("", "notes.txt")
    // As the script asks for the first argument of `ancestral describe no`.
    let result = try tool("---completion", "describe", "--", "positional@0", "2", "2", "ancestral", "describe", "no")
    let words = result.output.split(separator: "\n")
    #expect(words.contains("notes.yaml") && words.contains("notears-linear"), "\(result)")
    #expect(!words.contains("notes.txt") && !words.contains("iscm"))
  }

  /// Terabytes of tasks, stopped as soon as there is a file.
  @Test(arguments: [SIGINT, SIGTERM, SIGQUIT])
  func aSignalEndsLongWorkAtOnceAndLeavesNoFile(number: Int32) throws {
    let tool = try Tool()
    let process = tool.process(
      Tool.executable.path, ["freeze", "bcnp-paper", "--tasks", "100000", "--rows", "10000", "--out", "s"])
    // Who runs the tests may have set signals aside, which children inherit.
    signal(number, SIG_DFL)
    try process.run()
    let start = ContinuousClock.now
    while try tool.files.isEmpty, ContinuousClock.now - start < .seconds(120) { usleep(5000) }
    let files = try tool.files
    #expect(files.count == 1 && files.allSatisfy { $0.hasPrefix(".s.") && $0.hasSuffix(".tmp") }, "\(files)")
    let sent = ContinuousClock.now
    kill(process.processIdentifier, number)
    // It takes some milliseconds where nothing else is busy; the work itself would go on for hours, and is then killed.
    while process.isRunning, ContinuousClock.now - sent < .seconds(60) { usleep(5000) }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    #expect(process.terminationStatus == 128 + number && process.terminationReason == .exit)
    #expect(try tool.files.isEmpty)
  }
}
