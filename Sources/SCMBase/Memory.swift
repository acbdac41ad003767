#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Memory that can't be had.
public struct MemoryError: Error, Equatable, Sendable, CustomStringConvertible {
  public let description: String
}

/// Below this much nothing is asked: what is so small comes from memory that the process has, and asking takes a microsecond.
package let memoryWorthAsking = 1 << 25

/// Throws where the process could not get so many bytes now, under a limit such as `ulimit -v` or because nothing is left. Swift
/// ends the process when memory can't be had, so whatever a caller can make large is asked for here first.
package func ensureMemory(_ byteCount: Int, for what: @autoclosure () -> String) throws(MemoryError) {
  guard byteCount >= memoryWorthAsking else { return }
  // Not malloc, whose call a compiler may leave out together with its free.
  let memory = unsafe mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0)
  guard unsafe memory != MAP_FAILED else {
    throw MemoryError(
      description: "\(what()) would take about \(byteCount >> 20) MiB of memory, which can't be had; ask for less.")
  }
  unsafe munmap(memory, byteCount)
}
