import Ancestral
public import CAncestral
import SCMBase
import SCMDatasets
import SCMExperiments
import SCMFamilies

@c @implementation
public func anc_design_create(
  _ json: UnsafePointer<CChar>?, _ out: UnsafeMutablePointer<OpaquePointer?>?
) -> anc_status {
  guarded {
    let text = String(cString: try required(json, "json"))
    try required(out, "out").pointee = makeHandle(try Design(json: text))
    return ANC_OK
  }
}

@c @implementation
public func anc_design_free(_ design: OpaquePointer?) -> anc_status { freeHandle(design, as: Design.self) }

@c @implementation
public func anc_design_schema(
  _ out: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ needed: UnsafeMutablePointer<Int>?
) -> anc_status {
  guarded {
    let schema = JSONValue.object(["schema": Design.schema, "outputs": Output.reference, "presets": DesignPreset.list])
    return write(schema.text, to: out, capacity, needed)
  }
}

@c @implementation
public func anc_design_describe(
  _ design: OpaquePointer?, _ family: OpaquePointer?, _ n_nodes: Int, _ first_seed: UInt64,
  _ out: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ needed: UnsafeMutablePointer<Int>?
) -> anc_status {
  guarded {
    let design = try unwrap(design, as: Design.self, "design")
    let rows = design.batchRows(firstSeed: first_seed)
    var members: [String: JSONValue] = ["config": .object(design.relevantMembers(former: false))]
    if let family {
      let handle = try unwrap(family, as: SpecifiedFamily.self, "family")
      if n_nodes == 0 { try design.check(handle.family) }
      let counts = n_nodes == 0 ? handle.family.nodeCounts : try nodeCounts(n_nodes)
      members["layout"] =
        try Layout(design, nodeCounts: counts, rows: rows, mayBeDiscrete: handle.family.mayBeDiscrete).json
      members["fingerprint"] = .string(design.fingerprint(family: handle.specification.fingerprint))
    } else if n_nodes != 0 {
      members["layout"] = try Layout(design, nodeCounts: nodeCounts(n_nodes), rows: rows, mayBeDiscrete: false).json
    }
    return write(JSONValue.object(members).text, to: out, capacity, needed)
  }
}

private func nodeCounts(_ count: Int) throws -> ClosedRange<Int> {
  let count = try checked(count, in: Limits.nodes, "n_nodes")
  return count...count
}

@c @implementation
public func anc_experiments_fill(
  _ family: OpaquePointer?, _ design: OpaquePointer?, _ reserved: OpaquePointer?, _ seeds: UnsafePointer<UInt64>?,
  _ count: Int, _ draw: UInt32, _ threads: Int, _ rows_done: UnsafeMutablePointer<Int64>?,
  _ arrays: UnsafePointer<UnsafeMutableRawPointer?>?, _ sizes: UnsafePointer<Int>?, _ n_arrays: Int,
  _ hashes: UnsafeMutablePointer<UInt8>?,
  _ attempts: UnsafeMutablePointer<UInt32>?
) -> anc_status {
  guarded {
    let slice = TimeSlice()
    let family = try unwrap(family, as: SpecifiedFamily.self, "family").family
    let design = try unwrap(design, as: Design.self, "design")
    let reserved = try reserved.map { try unwrap($0, as: HashRegistry.self, "reserved") }
    let count = try checked(count, in: 0...(1 << 32), "count")
    let threads = try checked(threads, in: 0...Limits.threads.upperBound, "threads")
    guard count > 0 else { return ANC_OK }
    let seeds = try required(seeds, "seeds")
    let fill = try ExperimentFill(family, design, reserved: reserved, draw: draw, firstSeed: seeds[0])
    let arrays = n_arrays == 0 ? nil : try checkedArrays(arrays, sizes, n_arrays, fill.layout, count: count)
    let progress = try required(rows_done, "rows_done")
    for index in 0..<count where progress[index] != 0 {
      try checkProgress(progress[index], rows: fill.layout.sizes.rows, "rows_done[\(index)]")
    }
    let done = try fill.run(
      seeds: seeds, count: count, progress: progress, into: arrays, hashes: hashes, attempts: attempts,
      threads: threads, shouldPause: { slice.isOver })
    return done ? ANC_OK : ANC_MORE
  }
}

@c @implementation
public func anc_instance_run(
  _ instance: OpaquePointer?, _ family: OpaquePointer?, _ design: OpaquePointer?, _ first_seed: UInt64, _ draw: UInt32,
  _ arrays: UnsafePointer<UnsafeMutableRawPointer?>?, _ sizes: UnsafePointer<Int>?, _ n_arrays: Int
) -> anc_status {
  guarded {
    let instance = try unwrap(instance, as: SCMInstance.self, "instance")
    let family = try family.map { try unwrap($0, as: SpecifiedFamily.self, "family").family }
    let design = try unwrap(design, as: Design.self, "design")
    let rows = design.batchRows(firstSeed: first_seed)
    let layout = try Layout(design, of: instance, family: family, rows: rows)
    let arrays = try checkedArrays(arrays, sizes, n_arrays, layout, count: 1)
    let workspace = ExperimentWorkspace()
    let experiment = try Experiment(
      design, instance, family: family?.components[instance.component].family, draw: draw, rows: rows,
      workspace: workspace)
    var progress: Int64 = 0
    try experiment.write(
      to: ExperimentTarget(layout, arrays: arrays, task: 0), progress: &progress, workspace: workspace
    ) { Interruption.isRequested }
    return ANC_OK
  }
}

@c @implementation
public func anc_design_admits(
  _ design: OpaquePointer?, _ family: OpaquePointer?, _ instance: OpaquePointer?, _ out: UnsafeMutablePointer<Int32>?
) -> anc_status {
  guarded {
    let design = try unwrap(design, as: Design.self, "design")
    let family = try family.map { try unwrap($0, as: SpecifiedFamily.self, "family").family }
    let instance = try unwrap(instance, as: SCMInstance.self, "instance")
    try required(out, "out").pointee = design.admits(instance: instance, of: family) ? 1 : 0
    return ANC_OK
  }
}

@c @implementation
public func anc_design_summary(
  _ design: OpaquePointer?, _ family: OpaquePointer?, _ tasks: Int, _ seed: UInt64, _ threads: Int,
  _ out: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ needed: UnsafeMutablePointer<Int>?
) -> anc_status {
  guarded {
    let design = try unwrap(design, as: Design.self, "design")
    let family = try unwrap(family, as: SpecifiedFamily.self, "family").family
    let summary = try DesignSummary(
      family, design, taskCount: checked(tasks, in: 1...mostTasks, "tasks"), seed: seed,
      threads: checked(threads, in: Limits.threads, "threads"), isCancelled: { Interruption.isRequested })
    return write(summary.json.text, to: out, capacity, needed)
  }
}

/// The arrays of a layout, each of which must be given, and none larger than a memory could hold.
private func checkedArrays(
  _ arrays: UnsafePointer<UnsafeMutableRawPointer?>?, _ sizes: UnsafePointer<Int>?, _ given: Int, _ layout: Layout,
  count: Int
) throws -> UnsafePointer<UnsafeMutableRawPointer?> {
  guard given == layout.entries.count else {
    throw ConfigError(
      path: "n_arrays", value: "\(given)", reason: "must be \(layout.entries.count), one for each entry of the layout")
  }
  let sizes = try required(sizes, "sizes")
  for (index, entry) in layout.entries.enumerated() {
    try checkProduct([count] + entry.shape.map { max($0, 1) }, "count * shape of \(entry.name)")
    guard sizes[index] == count * entry.byteCount else {
      throw ConfigError(
        path: "sizes[\(index)]", value: "\(sizes[index])",
        reason: "must be \(count * entry.byteCount), the bytes of \(entry.name) of \(count) tasks")
    }
  }
  return try required(arrays, "arrays")
}
