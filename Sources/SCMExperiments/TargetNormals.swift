import SCMFamilies
import SCMMechanisms
import SCMRandom

/// Standard normals behind the values of a tile's targets, made for all short runs of rows at once: by itself a run of a few rows would fill
/// up a whole vector of sixteen blocks.
@safe
final class TargetNormals {
  /// Blocks that are made at once; what finds no room among them is made by itself.
  private static let most = 2 * rowsPerTile
  /// Runs of so many blocks waste less than they would take here.
  private static let longest = 12

  private let blocks = BlockList(capacity: most)
  /// Four rows of each block.
  private let numbers = UnsafeMutablePointer<Float>.allocate(capacity: 4 * most)
  /// By target from the tile's first on: the place of its first block, or -1.
  private var starts = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
  private var capacity = 1
  private var targets = 0..<0

  deinit {
    unsafe numbers.deallocate()
    unsafe starts.deallocate()
  }

  /// Forgets all; must be called before a tile's targets are added, which have these places in the plan.
  func begin(_ targets: Range<Int>) {
    blocks.removeAll()
    if targets.count > capacity {
      unsafe starts.deallocate()
      unsafe starts = .allocate(capacity: targets.count)
      capacity = targets.count
    }
    self.targets = targets
    unsafe starts.update(repeating: -1, count: targets.count)
  }

  /// Adds the rows of a target, if they are few.
  func add(_ target: Int, rows: Range<Int>, site: UInt32) {
    let range = (rows.lowerBound >> 2)..<((rows.upperBound + 3) >> 2)
    guard range.count <= Self.longest, let start = blocks.add(range, site: site) else { return }
    unsafe starts[target - targets.lowerBound] = Int32(truncatingIfNeeded: start)
  }

  /// Makes the normals of what has been added.
  func fill(key: TaskKey, purpose: TaskKey.Purpose, draw: UInt32) {
    unsafe blocks.fillNormals(numbers, key: key, draw: draw, purpose: purpose)
  }

  /// Those of a target's rows, the first of which has a number; `nil` where they have to be made one by one.
  @unsafe
  func rows(of target: Int, from first: Int) -> UnsafePointer<Float>? {
    guard targets.contains(target), case let start = unsafe Int(starts[target - targets.lowerBound]), start >= 0 else {
      return nil
    }
    return unsafe UnsafePointer(numbers + 4 * start + first & 3)
  }
}

extension Experiment {
  /// Makes the normals behind the values of a tile's targets, where these are normal and each row's own.
  func prepareTargets(in tile: RowTile, _ workspace: ExperimentWorkspace) {
    guard let interventions = design.interventions, interventions.hasNormalRows else { return }
    let normals = workspace.targetNormals
    let targets = plan.targetPlaces(in: tile.rows)
    normals.begin(targets)
    var regime = plan.regime(of: tile.rows.lowerBound)
    for target in targets {
      while plan.targetStarts[regime] <= target { regime += 1 }
      let node = plan.targets[target]
      guard instance.valueKind(of: node).classCount == 0 else { continue }
      let places = tile.places(of: plan.rows(of: regime))
      let rows = (tile.firstRow + places.lowerBound)..<(tile.firstRow + places.upperBound)
      normals.add(
        target, rows: rows,
        site: InterventionValues.Address(instance.key, node: node, regime: regime, draw: draw).site)
    }
    normals.fill(key: instance.key, purpose: .interventionValue, draw: draw)
  }
}

extension Interventions {
  /// Whether each row of a target has a normal value of its own.
  var hasNormalRows: Bool { kind.hasValues && values.law == .normal && !hasConstantValues }
}
