import Ancestral
import ArgumentParser

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The file that a subcommand writes, which appears whole or not at all, also after Ctrl-C.
enum WrittenFile {
  /// - Parameter inputs: what the subcommand reads, presets' names among them.
  /// - Throws: a sentence where the file can't be written, or is one of those that are read.
  static func begin(_ path: String, reading inputs: [String?]) throws -> AtomicFile {
    if let input = inputs.lazy.compactMap({ $0 }).first(where: { isSame($0, path) }) {
      throw ValidationError("\(path) can't be written: it is \(input), which is read here.")
    }
    return try Interruption.putOff {
      let file = try AtomicFile(replacing: path)
      Interruption.remove(file.temporaryPath)
      return file
    }
  }

  /// Whether two names, through whatever links, are those of one file that is there.
  private static func isSame(_ first: String, _ second: String) -> Bool {
    var (a, b) = (stat(), stat())
    return stat(first, &a) == 0 && stat(second, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino
  }
}
