import SCMFamilies
import SCMMechanisms
import SCMRandom

extension Selection {
  func probit(_ laws: ColumnLaws, nodeCount: Int, key: TaskKey) -> Probit {
    var words = key.words(purpose: .selection)
    let chosen = words.some(min(causes, nodeCount), of: Array(0..<nodeCount))
    return laws.probit(Share(kept), slope: slope, of: chosen.map { ($0, words.next(below: 2) == 0 ? 1 : -1) })
  }
}

// Observational rows that aren't kept are drawn again, attempt after attempt, each with noise of its own; a row is the same whatever the
// others are.
extension Experiment {
  /// Replaces the rows of a tile that aren't kept.
  ///
  /// - Parameter noise: the columns of standard noise, or `nil`.
  /// - Throws: where a row isn't kept in the most attempts, which no kept share that is allowed reaches.
  @unsafe
  func select(
    _ probit: Probit, _ tile: RowTile, _ noise: UnsafeMutablePointer<Float>?, to target: borrowing ExperimentTarget,
    workspace: ExperimentWorkspace
  ) throws(SamplingError) {
    workspace.tries.removeAll(keepingCapacity: true)
    workspace.tries.append(contentsOf: repeatElement(0, count: tile.count))
    let second = workspace.second
    var again = self
    unsafe keep(probit, tile, of: workspace) { workspace.tries[$0] = 1 }
    let observational = tile.places(of: plan.rows(of: 0))
    for place in tile.skipped..<tile.count where !observational.contains(place) { workspace.tries[place] = 1 }
    var attempt = 0
    while let left = workspace.tries[tile.skipped...].firstIndex(of: 0) {
      attempt += 1
      guard attempt < Self.mostAttempts else {
        throw SamplingError(
          description:
            "task seed \(instance.seed): a row was not kept in \(attempt) attempts; design.selection must keep more."
        )
      }
      again.draw = Self.draw(of: draw, attempt: attempt)
      instance.reserve(second.sampling, columns: columnCount)
      var first = left
      while first < tile.count {
        // A stretch with few rows between that are kept already.
        var (end, next) = (first + 1, first + 1)
        while next < tile.count, next - end < 16 {
          if workspace.tries[next] == 0 { end = next + 1 }
          next += 1
        }
        let natural = tile.natural + first - tile.skipped
        let part = RowTile(natural: natural, row: tile.firstRow + first, atMost: end - first)
        unsafe again.redraw(probit, part, at: first, attempt: attempt, noise, second, into: workspace)
        first = workspace.tries[end...].firstIndex(of: 0) ?? tile.count
      }
    }
    guard let out = unsafe target.array(of: .tries, Int32.self) else { return }
    for r in 0..<tile.rowCount {
      unsafe out[place(of: tile.natural + r)] = workspace.tries[tile.skipped + r]
    }
  }

  /// Computes rows once more and takes those that are kept where none was before.
  ///
  /// - Parameter place: of the part's first row in the whole tile.
  @unsafe
  private func redraw(
    _ probit: Probit, _ part: RowTile, at place: Int, attempt: Int, _ noise: UnsafeMutablePointer<Float>?,
    _ second: ExperimentWorkspace, into workspace: ExperimentWorkspace
  ) {
    let (columns, ours) = unsafe (second.sampling.columns, workspace.sampling.columns)
    let noiseOffset = unsafe noise.map { unsafe $0 - ours }
    unsafe compute(
      part, regimes: true, nodes: instance.topologicalOrder, noise: noiseOffset.map { unsafe columns + $0 },
      workspace: second)
    unsafe keep(probit, part, of: second) { r in
      let target = place + r - part.skipped
      guard workspace.tries[target] == 0 else { return }
      workspace.tries[target] = Int32(truncatingIfNeeded: attempt + 1)
      for node in 0..<instance.nodeCount {
        unsafe ours[node * MechanismRows.stride + target] = columns[node * MechanismRows.stride + r]
        if let noise = unsafe noise, let noiseOffset {
          unsafe noise[node * MechanismRows.stride + target] = columns[noiseOffset + node * MechanismRows.stride + r]
        }
      }
    }
  }

  /// The places of a tile whose rows are kept.
  @unsafe
  private func keep(
    _ probit: Probit, _ tile: RowTile, of workspace: ExperimentWorkspace, _ body: (Int) -> Void
  ) {
    let score = unsafe normals(.selection, Self.site, tile, workspace)
    for term in probit.terms {
      let (values, shown) = unsafe (
        workspace.sampling.columns + term.node * MechanismRows.stride, instance.scalings[term.node].shown
      )
      for r in tile.skipped..<tile.count {
        unsafe score[r] = score[r].addingProduct(term.weight, shown(values[r]))
      }
    }
    for r in tile.skipped..<tile.count where unsafe score[r] > -probit.intercept || score[r].isNaN { body(r) }
  }

  /// Not that of which causes a task's selection has.
  private static let site = 1

  /// Of 0.02, the least share that may be asked for, 1 row in 10^35 needs so many.
  private static let mostAttempts = 4000

  /// A draw of noise that no other rows have.
  private static func draw(of draw: UInt32, attempt: Int) -> UInt32 {
    0xC000_0000 &+ draw << 12 &+ UInt32(truncatingIfNeeded: attempt)
  }
}
