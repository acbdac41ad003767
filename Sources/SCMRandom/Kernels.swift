package import SCMBase
package import SCMElementary
import SCMKernels

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif
#if arch(x86_64)
  import CProcessor
  import SCMKernelsV3
  import SCMKernelsV4
#endif

/// The kernels that this process runs, chosen once: the same bits from all, so the choice is one of speed alone.
package enum Kernels {
  /// The levels that a library for this architecture holds, lowest first, and which of them this processor has.
  package enum Level: String, CaseIterable, Sendable {
    /// What every processor of the architecture has.
    case baseline
    #if arch(x86_64)
      /// x86-64-v3: vectors of 256 bits with fused multiply-add (AVX2, FMA).
      case v3
      /// x86-64-v4: vectors of 512 bits (AVX-512 F, BW, CD, DQ and VL).
      case v4
    #endif

    package var isHere: Bool {
      switch self {
      case .baseline: true
      #if arch(x86_64)
        case .v3: Kernels.processor.level >= 3
        case .v4: Kernels.processor.level >= 4
      #endif
      }
    }

    package var table: KernelTable {
      switch self {
      case .baseline: SCMKernels.kernelTable()
      #if arch(x86_64)
        case .v3: SCMKernelsV3.kernelTable()
        case .v4: SCMKernelsV4.kernelTable()
      #endif
      }
    }
  }

  /// The name of the environment variable that forces a level.
  package static let variable = "ANCESTRAL_KERNELS"

  /// The level that is forced, if a level of this processor is.
  package static let forced: Level? = try? level(named: named)

  /// The best level of this processor.
  package static var best: Level { Level.allCases.last { $0.isHere } ?? .baseline }

  /// The kernels, chosen at the first call.
  package static let table: KernelTable = {
    var table = (forced ?? best).table
    #if arch(x86_64)
      if forced == nil, hasSlowerNoise {
        let lower = Level.v3.table
        unsafe table.gaussian = lower.gaussian
        unsafe table.gaussianBlocks = lower.gaussianBlocks
        unsafe table.gumbel = lower.gumbel
        unsafe table.logistic = lower.logistic
      }
    #endif
    return table
  }()

  /// The choice as a number: 1 for the baseline, or that of x86-64-v3 or v4.
  package static var number: Int {
    switch forced ?? best {
    case .baseline: 1
    #if arch(x86_64)
      case .v3: 3
      case .v4: 4
    #endif
    }
  }

  /// The choice in words, such as "v4, the best of this processor".
  package static var choice: String {
    if let forced { return "\(forced.rawValue), by \(variable)" }
    let best = "\(best.rawValue), the best of this processor"
    return hasSlowerNoise ? best + "; gaussian, gumbel and logistic noise: v3" : best
  }

  /// Whether the best level's kernels of some noise laws may be slower than those below, which no flag tells: on a Zen 4 nothing was gained; see
  /// docs/decisions/0017.
  private static var hasSlowerNoise: Bool {
    #if arch(x86_64)
      return best == .v4 && processor.halves_512
    #else
      return false
    #endif
  }

  /// - Throws: where the environment variable names no level, or one that this processor lacks.
  package static func check() throws(ConfigError) { _ = try level(named: named) }

  /// The level of a name; `nil` where there is no name.
  package static func level(named name: String?) throws(ConfigError) -> Level? {
    guard let name, !name.isEmpty else { return nil }
    guard let level = Level(rawValue: name) else {
      let names = Level.allCases.map(\.rawValue).joined(separator: ", ")
      throw ConfigError(path: variable, value: name, reason: "must be one of \(names), or not set")
    }
    guard level.isHere else {
      throw ConfigError(
        path: variable, value: name, reason: "must be a level that this processor has, at most \(best.rawValue)")
    }
    return level
  }

  private static let named = unsafe getenv(variable).map { unsafe String(cString: $0) }

  #if arch(x86_64)
    private static let processor = processor_here()
  #endif
}
