import Ancestral
import ArgumentParser
import Foundation

@main
struct AncestralCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ancestral",
    abstract: "Families of structural causal models: what they are, and how fast they stream.",
    version: ancestralVersion,
    subcommands: [Describe.self, Distance.self, Presets.self, Schema.self, Bench.self])

  /// Exit status 0, or 2 with one sentence on standard error for bad usage or input.
  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      guard exitCode(for: error) != .success else {
        print(fullMessage(for: error))
        return
      }
      try? FileHandle.standardError.write(contentsOf: Data("ancestral: \(message(for: error))\n".utf8))
      Foundation.exit(2)
    }
  }
}
