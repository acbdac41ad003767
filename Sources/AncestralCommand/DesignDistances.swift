import Ancestral

extension Distance {
  /// A family under a design.
  private struct Side {
    let family: String
    let design: String
    let sample: DesignSample

    var name: String { "\(family) under \(design)" }
  }

  /// Compares what designs do to families: each with the first.
  func compareDesigns() throws {
    let sides = try samples()
    let comparing = output.bar("comparing")
    defer { comparing.clear() }
    var results: [JSONValue] = []
    for (index, side) in sides.enumerated().dropFirst() {
      comparing.update(index - 1, of: sides.count - 1)
      let distance = try DesignDistance(
        sides[0].sample, side.sample, permutations: permutations, seed: seed, threads: work.threads)
      comparing.clear()
      guard output.json else {
        list(distance, sides[0].name, side.name)
        continue
      }
      results.append(
        .object([
          "families": .array([.string(sides[0].family), .string(side.family)]),
          "designs": .array([.string(sides[0].design), .string(side.design)]), "distances": distance.json,
        ]))
    }
    if output.json { print(JSONValue.array(results).text) }
  }

  /// Experiments of each pair; where there is one family or one design, it is that of all.
  private func samples() throws -> [Side] {
    let readDesigns = try designs.map { ($0, try DesignFile.design(path: $0)) }
    let readFamilies = try families.map { ($0, try SCMFamily(FamilyFile.specification(path: $0))) }
    let sides = max(designs.count, families.count)
    let bar = output.bar("experimenting")
    defer { bar.clear() }
    let isCancelled = bar.counting(to: sides * tasks)
    return try (0..<sides).map { index in
      let (family, design) = (
        readFamilies[min(index, families.count - 1)], readDesigns[min(index, designs.count - 1)]
      )
      let sample = try DesignSample(
        family.1, design.1, taskCount: tasks, seed: seed &+ UInt64(index), threads: work.threads,
        isCancelled: isCancelled)
      return Side(family: family.0, design: design.0, sample: sample)
    }
  }

  private func list(_ distance: DesignDistance, _ first: String, _ second: String) {
    print("\(first) and \(second)")
    list(distance.statistics, width: 20)
    for (name, only) in [(first, distance.onlyFirst), (second, distance.onlySecond)] where !only.isEmpty {
      print("  Only \(name) has \(only.joined(separator: ", ")).")
    }
  }
}
