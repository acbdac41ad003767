import SCMBase
import SCMFamilies
import SCMMechanisms
import SCMRandom

// Observational rows that aren't kept are drawn again, attempt after attempt, each with noise of its own; a row is the same whatever the
// others are. What decides about a row is computed for each attempt, all else for the one in which it was kept.
extension Experiment {
  /// Computes a tile's rows, all of which are kept.
  ///
  /// - Parameter noise: the columns of standard noise, or `nil`.
  /// - Throws: where a row isn't kept in the most attempts, as where few calibration rows have told wrongly which share is kept.
  @unsafe
  func select(
    _ plan: SelectionPlan, _ tile: RowTile, _ noise: UnsafeMutablePointer<Float>?,
    to target: borrowing ExperimentTarget, workspace: ExperimentWorkspace
  ) throws(SamplingError) {
    unsafe compute(tile, regimes: true, nodes: plan.deciding, noise: noise, workspace: workspace)
    let isKept = unsafe normals(.selection, Self.site, tile, workspace)
    let observational = tile.places(of: self.plan.rows(of: 0))
    unsafe decide(plan.probit, observational, of: workspace, isKept)
    var left = observational.chosen { unsafe 1 &- Int(isKept[$0]) }
    // 0 for rows that aren't kept yet.
    var tries = [Int32](equal: 1, count: tile.count)
    for r in left { tries[r] = 0 }
    workspace.redrawn.removeAll()
    var attempt = 1
    while !left.isEmpty {
      guard attempt < Self.mostAttempts else {
        throw SamplingError(
          description:
            "task seed \(instance.seed): a row was not kept in \(attempt) attempts; design.selection must keep more, or the family "
            + "have more calibration_rows."
        )
      }
      let (parts, count) = plan.parts(of: left, in: tile)
      let attempts = attempt..<min(attempt + count, Self.mostAttempts)
      for part in parts {
        unsafe redraw(part, attempts, of: tile, plan, noise, into: workspace, &tries)
      }
      left = left.chosen { Self.isLeft(tries[$0]) }
      attempt = attempts.upperBound
    }
    unsafe compute(
      tile, regimes: true, nodes: plan.others, rowNoise: .redrawn(workspace.redrawn), noise: noise,
      workspace: workspace)
    guard let out = unsafe target.array(of: .tries, Int32.self) else { return }
    for r in 0..<tile.rowCount { unsafe out[place(of: tile.natural + r)] = tries[tile.skipped + r] }
  }

  /// Draws rows again, in some attempts. Of a row that wasn't kept before, the first attempt that is kept is taken: what has decided about
  /// it, and the draw of its noise.
  @unsafe
  private func redraw(
    _ part: RedrawnPart, _ attempts: Range<Int>, of tile: RowTile, _ plan: SelectionPlan,
    _ noise: UnsafeMutablePointer<Float>?, into workspace: ExperimentWorkspace, _ tries: inout [Int32]
  ) {
    let (attempted, second, redrawn) = (workspace.attempted, workspace.second, workspace.redrawn)
    attempted.removeAll()
    for attempt in attempts { attempted.add(part.places, of: tile, draw: Self.draw(of: draw, attempt: attempt)) }
    let count = attempted.count
    instance.reserve(second.sampling, columns: columnCount)
    let (columns, ours) = unsafe (second.sampling.columns, workspace.sampling.columns)
    let noiseOffset = unsafe noise.map { unsafe $0 - ours }
    unsafe compute(
      RowTile(natural: 0, row: part.firstRow, atMost: count), regimes: false, nodes: plan.deciding,
      rowNoise: .redrawn(attempted), noise: noiseOffset.map { unsafe columns + $0 }, workspace: second)
    let isKept = unsafe second.values
    unsafe attempted.write(to: isKept) { blocks, out in
      unsafe blocks.fillNormals(
        out, key: instance.key, site: UInt32(truncatingIfNeeded: Self.site), purpose: .selection)
    }
    unsafe decide(plan.probit, 0..<count, of: second, isKept)
    for (number, attempt) in attempts.enumerated() {
      let first = number * part.places.count
      let kept = part.places.indices.chosen { unsafe Self.isLeft(tries[part.places[$0]]) & Int(isKept[first + $0]) }
      let rows = kept.map { part.places[$0] }
      redrawn.add(rows, of: tile, draw: Self.draw(of: draw, attempt: attempt))
      for r in rows { tries[r] = Int32(truncatingIfNeeded: attempt + 1) }
      for node in plan.deciding {
        let column = node * MechanismRows.stride
        for (r, index) in zip(rows, kept) { unsafe ours[column + r] = columns[column + first + index] }
        guard let noise = unsafe noise, let noiseOffset else { continue }
        for (r, index) in zip(rows, kept) { unsafe noise[column + r] = columns[noiseOffset + column + first + index] }
      }
    }
  }

  /// Turns the standard normals of some places into 1 where a probit holds with them, else 0.
  @unsafe
  private func decide(
    _ probit: Probit, _ places: Range<Int>, of workspace: ExperimentWorkspace, _ score: UnsafeMutablePointer<Float>
  ) {
    for term in probit.terms {
      let shown = instance.scalings[term.node].shown
      let values = unsafe workspace.sampling.columns + term.node * MechanismRows.stride
      let weight = Float(term.weight)
      for r in places { unsafe score[r] = score[r].addingProduct(weight, shown(values[r])) }
    }
    // What is not a number is kept, so that the task is refused.
    for r in places { unsafe score[r] = score[r] > -probit.intercept || score[r].isNaN ? 1 : 0 }
  }

  /// 1 for a row that isn't kept yet, whose tries are 0; else 0.
  private static func isLeft(_ tries: Int32) -> Int { Int(UInt32(bitPattern: tries &- 1) >> 31) }

  /// Not that of which causes a task's selection has.
  private static let site = 1

  /// Of 0.02, the least share that may be asked for, 1 row in 10^35 needs 4000 where that share is exact; where it is the share of 256
  /// calibration rows, a row of 1 task in 10^4 does.
  private static let mostAttempts = 1 << 16

  /// A draw of noise that no other rows have.
  private static func draw(of draw: UInt32, attempt: Int) -> UInt32 {
    let attempt = UInt32(truncatingIfNeeded: attempt)
    return attempt < 1 << 12 ? 0xC000_0000 &+ draw << 12 &+ attempt : 0x8000_0000 &+ draw << 16 &+ attempt
  }
}

extension Collection<Int> {
  /// Those of which a number is 1 and not 0. There is no branch, as no processor foretells which rows are kept.
  @inline(__always)
  fileprivate func chosen(_ number: (Int) -> Int) -> [Int] {
    var found = 0
    var result = unsafe [Int](over: 0, count: count) { result in
      for element in self {
        unsafe result[found] = element
        found &+= number(element)
      }
    }
    result.removeLast(result.count - found)
    return result
  }
}
