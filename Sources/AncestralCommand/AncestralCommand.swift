import Ancestral
import ArgumentParser
@preconcurrency import Foundation

@main
struct AncestralCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ancestral",
    abstract: "Families of structural causal models: what they are, their tasks on disk, and how fast they stream.",
    discussion: """
      FAMILY is a YAML or JSON file, a network's BIF or JSON file, or the name of a preset.

      Examples:
        ancestral presets notears-linear > family.json
        ancestral sample family.json --seed 7 --out task.safetensors
        ancestral verify task.safetensors

      Completion, also of presets and of families' files, for bash, zsh or fish:
        source <(ancestral --generate-completion-script bash)

      The exit status is 0, 1 where a check failed, 2 for bad usage or input, and 130 after Ctrl-C.
      """,
    version: ancestralVersion,
    subcommands: [
      Sample.self, Describe.self, Distance.self, Freeze.self, Verify.self, Presets.self, Schema.self, Bench.self,
    ])

  /// Exit status 0; what a subcommand says; or 2 with one sentence on standard error for bad usage or input.
  static func main() {
    Interruption.install()
    do {
      try checkArguments()
      var command = try parseAsRoot()
      try command.run()
    } catch let status as ExitCode {
      end(status.rawValue)
    } catch {
      guard exitCode(for: error) != .success else {
        print(fullMessage(for: error))
        end(0)
      }
      complain(message(for: error))
      Foundation.exit(2)
    }
    end(0)
  }

  /// Swift repairs an argument that is no UTF-8, so that another file would be read or written than was named.
  ///
  /// - Throws: a sentence with the repaired text.
  private static func checkArguments() throws {
    for (number, argument) in CommandLine.arguments.enumerated().dropFirst() {
      guard let given = CommandLine.unsafeArgv[number], String(validatingCString: given) != nil else {
        throw ValidationError("The argument \(argument) is not UTF-8.")
      }
    }
  }

  /// Ends the process, with status 2 where what was printed could not be written.
  private static func end(_ status: Int32) -> Never {
    guard fflush(stdout) == 0, ferror(stdout) == 0 else {
      complain("standard output can't be written: \(String(cString: strerror(errno))).")
      _exit(2)
    }
    Foundation.exit(status)
  }

  private static func complain(_ message: String) { Terminal.write("ancestral: \(message)\n") }
}
