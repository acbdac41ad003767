import SCMFamilies
import SCMGraphs
import SCMMechanisms
import SCMRandom

// A tile of rows in one world: every node as the SCM has it, or changed where a row's regime changes it. All rows of a tile are computed
// together whatever their regimes, and what a regime changes is changed in its rows.

/// Which noise a tile's nodes have.
enum RowNoise {
  /// That of their row.
  case own
  /// Its mean.
  case mean
  /// Another draw.
  case draw(Int)
  /// That of their row, but for rows that were drawn again.
  case redrawn(RedrawnRows)
}

extension Experiment {
  /// Computes the nodes of a tile into the workspace's columns.
  ///
  /// - Parameters:
  ///   - regimes: whether rows are under their regimes, for which ``prepareTargets(in:_:)`` has been called, or all under the observational
  ///     one.
  ///   - nodes: in topological order; what the other columns hold is read as it is.
  ///   - rowNoise: which noise the nodes have.
  ///   - noise: where the standard noise of each node goes, in columns, or `nil`.
  @unsafe
  func compute(
    _ tile: RowTile, regimes: Bool, nodes: [Int], rowNoise: RowNoise = .own, noise: UnsafeMutablePointer<Float>? = nil,
    workspace: ExperimentWorkspace
  ) {
    let columns = unsafe workspace.sampling.columns
    let scalesNoise = design.interventions?.kind == .noiseScale
    // Whether noise is that of the SCM's own rows, and needed once.
    let isPlain = if !readsNoiseAgain, case .own = rowNoise { true } else { false }
    for node in nodes {
      let column = unsafe columns + node * MechanismRows.stride
      if node == binaryTreatment, let roles {
        unsafe treat(roles, tile, into: column, workspace)
        continue
      }
      let changes = regimes ? plan.changes(of: node, in: tile.rows) : 0..<0
      if isPlain, !scalesNoise || changes.isEmpty {
        unsafe instance.evaluate(
          node, firstRow: tile.firstRow, count: tile.count, from: columns, into: column, draw: draw,
          workspace: workspace.sampling)
      } else {
        let padded = unsafe fill(node, tile, noise: rowNoise, workspace: workspace)
        if scalesNoise, !changes.isEmpty { unsafe scaleNoise(of: node, changes, tile, workspace) }
        unsafe instance.compute(
          node, firstRow: tile.firstRow, count: tile.count, padded: padded, into: column,
          workspace: workspace.sampling)
      }
      if let noise = unsafe noise {
        unsafe copyNoise(of: node, tile, to: noise + node * MechanismRows.stride, workspace)
      }
      if !scalesNoise, !changes.isEmpty {
        let noise = unsafe noise.map { unsafe $0 + node * MechanismRows.stride }
        unsafe change(node, changes, tile, column, noise: noise, workspace)
      }
    }
  }

  /// Writes a node's inputs in a tile to the workspace: its parents, then its noise.
  ///
  /// - Returns: the number of rows, filled up to whole lanes.
  @unsafe
  func fill(_ node: Int, _ tile: RowTile, noise: RowNoise = .own, workspace: ExperimentWorkspace) -> Int {
    let sampling = workspace.sampling
    let padded = unsafe instance.fillParents(
      of: node, count: tile.count, from: sampling.columns, stride: MechanismRows.stride, workspace: sampling)
    let first = unsafe sampling.inputs + instance.inputCount(of: node) * MechanismRows.stride
    let channelCount = instance.readings[node].channels.count
    var isNew = false
    for index in 0..<channelCount {
      // By its place in the lists: a copy of the list would count references.
      let channel = instance.readings[node].channels[index]
      let column = unsafe first + index * MechanismRows.stride
      var draw = draw
      switch noise {
      // What a process is made of is part of the function, which is the same in all draws; and a size is no noise.
      case .mean where channel.isCentred:
        unsafe column.update(repeating: 0, count: padded)
        continue
      case .draw(let number) where channel != .process: draw = Self.draw(number, of: draw)
      case .redrawn(let redrawn):
        unsafe fillNoise(channel, of: node, tile, rows: padded, redrawn, to: column)
        continue
      default:
        if readsNoiseAgain,
          let kept = unsafe workspace.kept.column(index, of: node, firstRow: tile.firstRow, count: padded)
        {
          unsafe column.update(from: kept, count: padded)
          continue
        }
        isNew = true
      }
      unsafe instance.fillNoise(
        channel, of: node, firstRow: tile.firstRow, rows: padded, to: column, purpose: channel.purpose, draw: draw)
    }
    if isNew, readsNoiseAgain, case .own = noise, keepsNoise(of: tile) {
      unsafe workspace.kept.keep(first, channels: channelCount, of: node, firstRow: tile.firstRow, count: padded)
    }
    return padded
  }

  /// A draw of noise that no rows have.
  private static func draw(_ number: Int, of draw: UInt32) -> UInt32 {
    0xE000_0000 &+ draw << 20 &+ UInt32(truncatingIfNeeded: number)
  }

  /// Whether that is so of a tile's noise.
  private func keepsNoise(of tile: RowTile) -> Bool {
    if roles != nil { return tile.natural >= contextCount || draw == Population.draw }
    // All regimes begin at row 0.
    return design.interventions?.noise == .shared ? tile.firstRow == 0 : true
  }

  /// The column of a node's standard noise among its inputs; `nil` where it reads none.
  @unsafe
  private func noiseColumn(of node: Int, _ workspace: ExperimentWorkspace) -> UnsafeMutablePointer<Float>? {
    guard let channel = instance.readings[node].channels.firstIndex(of: .noise) else { return nil }
    return unsafe workspace.sampling.inputs + (instance.inputCount(of: node) + channel) * MechanismRows.stride
  }

  @unsafe
  private func copyNoise(
    of node: Int, _ tile: RowTile, to noise: UnsafeMutablePointer<Float>, _ workspace: ExperimentWorkspace
  ) {
    if let source = unsafe noiseColumn(of: node, workspace) {
      unsafe noise.update(from: source, count: tile.count)
    } else {
      unsafe noise.update(repeating: 0, count: tile.count)
    }
  }

  @unsafe
  private func scaleNoise(of node: Int, _ changes: Range<Int>, _ tile: RowTile, _ workspace: ExperimentWorkspace) {
    guard let noise = unsafe noiseColumn(of: node, workspace) else { return }
    for change in changes {
      let entry = plan.entries[change]
      for r in tile.places(of: plan.rows(of: entry.regime)) { unsafe noise[r] *= plan.factors[entry.place] }
    }
  }
}

extension NoiseChannel {
  /// Whether its mean is 0, and a node without noise has that.
  fileprivate var isCentred: Bool {
    switch self {
    case .noise, .latent, .nugget: true
    // Nor is a class or a count what it would be without noise.
    case .process, .rowScale, .gumbel, .uniform: false
    }
  }
}
