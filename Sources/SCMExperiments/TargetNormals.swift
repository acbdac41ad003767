import SCMFamilies
import SCMMechanisms
import SCMRandom

/// Standard normals behind the values of a tile's targets, made for all short runs of rows at once: by itself a run of a few rows would fill
/// up a whole vector of sixteen blocks.
@safe
final class TargetNormals {
  /// Blocks that are made at once; targets past them are made one by one.
  private static let most = 1024
  /// Runs of so many blocks waste less than they would take here.
  private static let longest = 12

  private var blocks: [UInt32] = []
  private var sites: [UInt32] = []
  /// Four rows of each block.
  private let numbers = UnsafeMutablePointer<Float>.allocate(capacity: 4 * most)
  /// By entry of the plan: its first block here, or -1.
  private var starts: [Int32] = []

  init() {
    blocks.reserveCapacity(Self.most)
    sites.reserveCapacity(Self.most)
  }

  deinit { unsafe numbers.deallocate() }

  /// Forgets all; must be called before a tile's entries are added.
  func begin(entryCount: Int) {
    blocks.removeAll(keepingCapacity: true)
    sites.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
    starts.append(contentsOf: repeatElement(-1, count: entryCount))
  }

  /// Adds the rows of an entry, if they are few.
  func add(_ entry: Int, rows: Range<Int>, site: UInt32) {
    let (first, end) = (rows.lowerBound >> 2, (rows.upperBound + 3) >> 2)
    guard end - first <= Self.longest, blocks.count + end - first <= Self.most - 16 else { return }
    starts[entry] = Int32(truncatingIfNeeded: blocks.count)
    for block in first..<end {
      blocks.append(UInt32(truncatingIfNeeded: block))
      sites.append(site)
    }
  }

  /// Makes the normals of what has been added.
  func fill(key: TaskKey, purpose: TaskKey.Purpose, draw: UInt32) {
    guard let block = blocks.last, let site = sites.last else { return }
    while blocks.count & 15 != 0 {
      blocks.append(block)
      sites.append(site)
    }
    unsafe Kernels.table.gaussianSites(numbers, blocks, sites, blocks.count, key.seed, draw, purpose.rawValue)
  }

  /// Those of an entry's rows, the first of which has a number; `nil` where they have to be made one by one.
  @unsafe
  func rows(of entry: Int, from first: Int) -> UnsafePointer<Float>? {
    guard starts.indices.contains(entry), starts[entry] >= 0 else { return nil }
    return unsafe UnsafePointer(numbers + 4 * Int(starts[entry]) + first & 3)
  }
}

extension Experiment {
  /// Makes the normals behind the values of a tile's targets, where these are normal and each row's own.
  func prepareTargets(in tile: RowTile, _ workspace: ExperimentWorkspace) {
    guard let interventions = design.interventions, interventions.hasNormalRows else { return }
    let normals = workspace.targetNormals
    normals.begin(entryCount: plan.entries.count)
    for (index, entry) in plan.entries.enumerated() {
      let places = tile.places(of: plan.rows(of: entry.regime))
      let node = plan.targets[entry.place]
      guard !places.isEmpty, instance.valueKind(of: node).classCount == 0 else { continue }
      let rows = (tile.firstRow + places.lowerBound)..<(tile.firstRow + places.upperBound)
      normals.add(
        index, rows: rows,
        site: InterventionValues.Address(instance.key, node: node, regime: entry.regime, draw: draw).site)
    }
    normals.fill(key: instance.key, purpose: .interventionValue, draw: draw)
  }
}

extension Interventions {
  /// Whether each row of a target has a normal value of its own.
  var hasNormalRows: Bool { kind.hasValues && values.law == .normal && !hasConstantValues }
}
