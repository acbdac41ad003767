import Foundation
import Testing

/// The built tool, run as a user would, in a folder of its own that is removed afterwards.
final class Tool {
  let folder: URL

  struct Result {
    let status: Int32
    let output: String
    let errors: String
  }

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "ancestral-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Beside the tests in the build folder.
  static var executable: URL {
    #if os(macOS)
      let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL ?? Bundle.main.bundleURL
    #else
      let bundle = URL(fileURLWithPath: CommandLine.arguments[0])
    #endif
    return bundle.deletingLastPathComponent().appending(path: "ancestral")
  }

  func callAsFunction(_ arguments: String...) throws -> Result {
    try run(Self.executable.path, arguments)
  }

  /// A line for the shell, in which $TOOL is the tool.
  func shell(_ line: String) throws -> Result { try run("/bin/sh", ["-c", line]) }

  private func run(_ executable: String, _ arguments: [String]) throws -> Result {
    let process = process(executable, arguments)
    // Through files: a full pipe would have to be read while the tool runs.
    let (output, errors) = (folder.appending(path: ".out"), folder.appending(path: ".err"))
    for file in [output, errors] { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    defer { for file in [output, errors] { try? FileManager.default.removeItem(at: file) } }
    return Result(
      status: process.terminationStatus, output: try String(contentsOf: output, encoding: .utf8),
      errors: try String(contentsOf: errors, encoding: .utf8))
  }

  func process(_ executable: String, _ arguments: [String]) -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(["TOOL": Self.executable.path]) { $1 }
    process.standardInput = FileHandle.nullDevice
    return process
  }

  func write(_ text: String, _ name: String) throws { try Data(text.utf8).write(to: folder.appending(path: name)) }

  func bytes(_ name: String) throws -> Data { try Data(contentsOf: folder.appending(path: name)) }

  var files: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() } }

  /// Exit status 2, nothing printed, and one sentence that contains the fragment.
  func expectRefusal(_ arguments: String..., saying fragment: String, sourceLocation: SourceLocation = #_sourceLocation)
    throws
  {
    let result = try run(Self.executable.path, arguments)
    #expect(result.status == 2, "\(arguments): \(result)", sourceLocation: sourceLocation)
    #expect(result.output.isEmpty, "\(arguments): \(result)", sourceLocation: sourceLocation)
    let isLine = result.errors.hasPrefix("ancestral: ") && result.errors.dropLast().allSatisfy { $0 != "\n" }
    #expect(isLine, "\(arguments): \(result)", sourceLocation: sourceLocation)
    #expect(result.errors.contains(fragment), "\(arguments): \(result)", sourceLocation: sourceLocation)
  }
}

/// The members of the JSON object in a text.
func object(_ text: String) throws -> [String: Any] {
  try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
}

/// The golden files of both languages.
let vectors = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(
  path: "Vectors")
