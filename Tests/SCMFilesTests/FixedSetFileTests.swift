import Foundation
import SCMBase
import SCMDatasets
import SCMFamilies
import SCMFiles
import SCMTestSupport
import Testing

@Suite struct FixedSetFileTests {
  private func set(_ count: Int, rows: Int = 5) throws -> FixedSetFile {
    try FixedSetFile(
      FamilySpecification(["n_nodes": 2, "n_nodes_max": 4, "sparsity_param": 0.5]),
      seeds: (0..<UInt64(count)).map { ~$0 },
      sampleCount: rows)
  }

  @Test func itHoldsTheTasksOfItsSeeds() throws {
    try temporaryFolder { folder in
      let path = folder.appending(path: "set").path
      let set = try set(300)
      var told: [Int] = []
      let file = try AtomicFile(replacing: path)
      try set.write(to: file, threads: 2) { told.append($0) }
      try file.commit()
      #expect(told.last == 300 && told.count > 1 && told == told.sorted())
      #expect(try FixedSetFile.report(of: path, threads: 2) == VerificationReport())
      let reader = try SafetensorsReader(path)
      let x = try #require(reader.header["X"])
      #expect(x.shape == [300, 5, 4] && reader.header["seeds"]?.shape == [300, 8])
      let task = try SCMFamily(set.specification).sampleTask(seed: ~299)
      let rows = try task.sample(5)
      let held = unsafe try reader.bytes(x, 299..<300).withUnsafeBytes {
        unsafe Array($0.assumingMemoryBound(to: Float.self))
      }
      for row in 0..<5 {
        for node in 0..<4 { #expect(held[4 * row + node] == (node < task.nodeCount ? rows[row, node] : 0)) }
      }
    }
  }

  @Test func emptySetsAndTasksWithoutRowsAreSets() throws {
    try temporaryFolder { folder in
      let path = folder.appending(path: "set").path
      for set in [try set(0), try set(3, rows: 0)] {
        let file = try AtomicFile(replacing: path)
        try set.write(to: file)
        try file.commit()
        #expect(try FixedSetFile.report(of: path) == VerificationReport())
      }
    }
  }

  @Test func aChangedValueIsAFaultOfItsTaskAndTensor() throws {
    try temporaryFolder { folder in
      let path = folder.appending(path: "set").path
      let file = try AtomicFile(replacing: path)
      try set(3).write(to: file)
      try file.commit()
      var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
      let header = try #require(try set(3).header()["X"])
      // Of task 1, as all tasks have as many bytes.
      bytes[try set(3).header().bytes.count + header.bytes.lowerBound + header.bytes.count / 3] ^= 1
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      let faults = try FixedSetFile.report(of: path).faults
      #expect(faults == [.otherValues(file: path, task: 1, seed: ~1, tensors: ["X"])])
      #expect(faults.first?.description == "\(path): seeds[1] = fffffffffffffffe gives other values than X[1].")
    }
  }

  @Test func tasksThatNoMemoryHoldsAreRefused() throws {
    for rows in [-1, 1 << 30, .max] {
      let error = #expect(throws: ConfigError.self) { try set(1, rows: rows) }
      #expect(error?.path == "rows")
    }
  }

  @Test func faultsAreCancelledWhenAsked() throws {
    try temporaryFolder { folder in
      let path = folder.appending(path: "set").path
      let file = try AtomicFile(replacing: path)
      try set(2).write(to: file)
      try file.commit()
      #expect(throws: VerificationCancelled.self) { try FixedSetFile.report(of: path, isCancelled: { true }) }
    }
  }

  @Test func aFileIsThereWholeOrNotAtAll() throws {
    try temporaryFolder { folder in
      let path = folder.appending(path: "file").path
      func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder.path) }
      try Data("old".utf8).write(to: URL(fileURLWithPath: path))
      do {
        let file = try AtomicFile(replacing: path)
        try file.write("ne".utf8, at: 0)
        #expect(try names().count == 2)
      }
      #expect(try names() == ["file"])
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
      let file = try AtomicFile(replacing: path)
      try file.write("w".utf8, at: 2)
      try file.write("ne".utf8, at: 0)
      try file.commit()
      #expect(try names() == ["file"])
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
      for place in ["/dev/null", folder.path, "\(folder.path)/none/file", "\(path)/file"] {
        let error = #expect(throws: FileError.self, "\(place)") { try AtomicFile(replacing: place) }
        #expect(error?.description.hasPrefix("\(place) can't be written: ") == true)
      }
      #expect(try names() == ["file"])
    }
  }

  /// Two threads of one process, which shared a temporary name while that had the process's number only.
  @Test func twoMayWriteOneFileAtOnce() throws {
    try temporaryFolder { folder in
      let path = folder.appending(path: "file").path
      let files = [try AtomicFile(replacing: path), try AtomicFile(replacing: path)]
      for (file, text) in zip(files, ["first", "later"]) { try file.write(text.utf8, at: 0) }
      for (file, text) in zip(files, ["first", "later"]) {
        try file.commit()
        #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
      }
    }
  }
}
