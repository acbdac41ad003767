import Foundation
import Testing

@Suite struct FileTests {
  /// Python's tests hold the file that it writes itself against the same checksum.
  @Test func aFrozenSetIsTheFileThatPythonWrites() throws {
    let tool = try Tool()
    let family = vectors.appending(path: "families/family.yaml").path
    let result = try tool("freeze", family, "--tasks", "4", "--base-seed", "42", "--rows", "6", "--dir", "a/b")
    #expect(result.status == 0 && result.errors.isEmpty)
    let sum = try tool.shell("cd a/b; sha256sum * || shasum -a 256 *").output
    #expect(try sum == String(contentsOf: vectors.appending(path: "frozen.sha256"), encoding: .utf8))
    #expect(result.output.hasPrefix("a/b/\(sum.dropFirst(66).dropLast()): 4 tasks of up to 15 nodes, 6 rows each, "))
    #expect(try tool.files == ["a"])
  }

  @Test func theSameArgumentsGiveTheSameBytesWithAnyNumberOfThreads() throws {
    let tool = try Tool()
    for threads in ["1", "3"] {
      #expect(
        try tool("sample", "avici-scm-v0", "--tasks", "9", "--rows", "40", "--threads", threads, "--out", threads)
          .status == 0)
    }
    #expect(try tool.bytes("1") == tool.bytes("3"))
  }

  @Test func whatIsReadIsNotWrittenOver() throws {
    let tool = try Tool()
    try tool.write("n_nodes: 5\n", "f.yaml")
    try tool.write("n_samples: 5\n", "d.yaml")
    _ = try tool.shell("ln -s f.yaml link.yaml")
    for out in ["f.yaml", "./f.yaml", "link.yaml"] {
      try tool.expectRefusal(
        "sample", "f.yaml", "--out", out, saying: "\(out) can't be written: it is f.yaml, which is read here.")
    }
    try tool.expectRefusal("freeze", "f.yaml", "--tasks", "2", "--out", "f.yaml", saying: "which is read here")
    try tool.expectRefusal(
      "freeze", "f.yaml", "--design", "d.yaml", "--tasks", "2", "--out", "d.yaml", saying: "it is d.yaml, which")
    try tool.expectRefusal(
      "bench", "f.yaml", "--seconds", "0.01", "--json-file", "f.yaml", saying: "which is read here")
    #expect(try tool.bytes("f.yaml") == Data("n_nodes: 5\n".utf8) && tool.files == ["d.yaml", "f.yaml", "link.yaml"])
    // A preset's name is no file.
    #expect(try tool("sample", "iscm", "--rows", "2", "--out", "iscm").status == 0)
  }

  @Test func whatIsWrittenIsVerified() throws {
    let tool = try Tool()
    let sampled = try tool(
      "sample", "notears-mlp", "--seed", "7", "--tasks", "3", "--rows", "20", "--out", "s", "--json")
    let report = try object(sampled.output)
    #expect(report["tasks"] as? Int == 3 && report["rows"] as? Int == 20 && report["path"] as? String == "s")
    #expect(try tool("freeze", "notears-mlp", "--tasks", "3", "--set", "val", "--rows", "20", "--out", "v").status == 0)
    for name in ["s", "v"] {
      let result = try tool("verify", name)
      #expect(result.status == 0 && result.output == "\(name): all is as it was written\n")
    }
    #expect(try tool.bytes("s") != tool.bytes("v"))
  }

  @Test func aSampledTaskIsTheOneThatIsDescribed() throws {
    let tool = try Tool()
    #expect(try tool("sample", "iscm", "--seed", "9", "--rows", "1", "--out", "s").status == 0)
    let described = try tool("describe", "iscm", "--seed", "9").output
    // The last tensors are the graph's 32 bytes and the seed's 8.
    let hash = try tool.bytes("s").suffix(40).prefix(32).map { String(format: "%02x", $0) }.joined()
    #expect(described.contains(hash))
  }

  @Test(arguments: ["002", "027", "077"]) func filesAndFoldersHaveTheRightsOfTheUmask(mask: String) throws {
    let tool = try Tool()
    let line = "umask \(mask); $TOOL sample iscm --rows 2 --out s; $TOOL freeze iscm --tasks 1 --rows 2 --dir a/b"
    #expect(try tool.shell(line).status == 0)
    let file = try #require(
      FileManager.default.subpaths(atPath: tool.folder.path)?.first { $0.hasSuffix("safetensors") })
    let closed = try #require(Int(mask, radix: 8))
    for (path, most) in [("s", 0o666), ("a", 0o777), ("a/b", 0o777), (file, 0o666)] {
      let found = try FileManager.default.attributesOfItem(atPath: tool.folder.appending(path: path).path)
      #expect(found[.posixPermissions] as? Int == most & ~closed, "\(path)")
    }
  }

  @Test func aLinkStaysOneAndTheFileBehindItIsWritten() throws {
    let tool = try Tool()
    #expect(
      try tool.shell(
        "mkdir x; echo old > x/s; ln -s x/s link; ln -s ../link x/second; ln -s x/new ahead; ln -s loop loop"
      ).status == 0)
    for (link, file) in [("link", "x/s"), ("x/second", "x/s"), ("ahead", "x/new")] {
      let before = try FileManager.default.destinationOfSymbolicLink(
        atPath: tool.folder.appending(path: link).path)
      #expect(try tool("sample", "iscm", "--rows", "2", "--seed", "\(link.count)", "--out", link).status == 0)
      let after = try FileManager.default.destinationOfSymbolicLink(
        atPath: tool.folder.appending(path: link).path)
      #expect(before == after)
      #expect(try tool("sample", "iscm", "--rows", "2", "--seed", "\(link.count)", "--out", "right").status == 0)
      #expect(try tool.bytes(file) == tool.bytes("right"))
    }
    try tool.expectRefusal(
      "sample", "iscm", "--out", "loop", saying: "loop can't be written: Too many levels of symbolic")
    #expect(try tool.files == ["ahead", "link", "loop", "right", "x"])
  }

  @Test func aNameMayBeAsLongAsTheSystemTakesIt() throws {
    let tool = try Tool()
    let name = String(repeating: "é", count: 127)
    #expect(try tool("sample", "iscm", "--rows", "2", "--out", name).status == 0)
    #expect(try tool.files.count == 1)
    try tool.expectRefusal("sample", "iscm", "--out", name + "éé", saying: "can't be written: File name too long")
    try tool.expectRefusal("sample", "iscm", "--out", "", saying: "can't be written: it must name a file")
  }

  @Test func whatCanNotBeWrittenIsRefusedAndLeavesNothing() throws {
    let tool = try Tool()
    try tool.expectRefusal("sample", "iscm", "--out", "nowhere/s", saying: "nowhere/s can't be written: No such file")
    try tool.expectRefusal("sample", "iscm", "--out", "/dev/full", saying: "must be a regular file")
    for path in ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"] {
      try tool.expectRefusal("sample", "iscm", "--out", path, saying: "must be a regular file")
    }
    try tool.expectRefusal("sample", "iscm", "--out", ".", saying: "must be a regular file")
    try tool.write("", "file")
    try tool.expectRefusal(
      "freeze", "iscm", "--tasks", "1", "--dir", "file/x", saying: "--dir file/x: must be a folder")
    // A limit on the size of files stands in for a full disk.
    let full = try tool.shell("ulimit -f 1; exec $TOOL sample iscm --tasks 50 --out s")
    #expect(full.status == 2 && full.errors == "ancestral: s can't be written: File too large.\n", "\(full)")
    #expect(try tool.files == ["file"])
    #if os(Linux)
      let printed = try tool.shell("exec $TOOL presets iscm > /dev/full")
      #expect(
        printed.status == 2
          && printed.errors == "ancestral: standard output can't be written: No space left on device.\n", "\(printed)")
    #endif
  }

  @Test func aFailedWriteLeavesTheOldFile() throws {
    let tool = try Tool()
    try tool.write("old", "s")
    try tool.write(#"{"n_nodes": 30, "sparsity_param": 14.5, "linear_weight_scale": 1000000}"#, "exploding.json")
    try tool.expectRefusal("sample", "exploding.json", "--out", "s", saying: "not finite")
    #expect(try tool.bytes("s") == Data("old".utf8))
    #expect(try tool.files == ["exploding.json", "s"])
  }
}
