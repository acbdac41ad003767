import SCMBase
public import SCMFamilies

/// The arrays of one experiment, or of a batch of them with the number of the task as the first axis, by name.
///
///     let data = try instance.run(design)
///     let x = data.floats("X")             // row-major, of shape data.shape("X")
///     let flags = data.flags("intervened")
public struct ExperimentData: Sendable {
  public let layout: Layout
  /// The number of tasks; `nil` where the arrays are one task's.
  public let taskCount: Int?
  private var storage: Storage

  package init(_ layout: Layout, taskCount: Int? = nil) {
    self.layout = layout
    self.taskCount = taskCount
    storage = Storage(layout.entries.map { $0.byteCount * (taskCount ?? 1) })
  }

  /// The names, in the order of the layout.
  public var names: [String] { layout.entries.map { $0.name } }

  public func shape(_ name: String) -> [Int]? {
    layout.entries.first { $0.name == name }.map { (taskCount.map { [$0] } ?? []) + $0.shape }
  }

  /// An array of numbers with a fraction; `nil` where there is none of that name.
  public func floats(_ name: String) -> [Float]? {
    elements(name, .float32, of: UInt32.self)?.map(Float.init(bitPattern:))
  }

  /// An array of whole numbers.
  public func integers(_ name: String) -> [Int]? {
    elements(name, .int32, of: Int32.self)?.map(Int.init) ?? elements(name, .int16, of: Int16.self)?.map(Int.init)
      ?? elements(name, .int8, of: Int8.self)?.map(Int.init)
  }

  /// An array of truth values.
  public func flags(_ name: String) -> [Bool]? { elements(name, .bool, of: UInt8.self)?.map { $0 != 0 } }

  /// The bytes of an array, as they are compared and hashed.
  public func bytes(_ name: String) -> [UInt8]? {
    layout.entries.firstIndex { $0.name == name }.map { unsafe Array(storage[$0]) }
  }

  private func elements<Element: FixedWidthInteger>(
    _ name: String, _ type: Output.ElementType, of: Element.Type
  ) -> [Element]? {
    guard let index = layout.entries.firstIndex(where: { $0.name == name && $0.output.type == type }) else {
      return nil
    }
    return unsafe Array(storage[index].bindMemory(to: Element.self))
  }

  /// Hands out where the arrays are, to be filled anew.
  @unsafe
  package mutating func withArrays<Result>(
    _ body: (UnsafePointer<UnsafeMutableRawPointer?>) throws -> Result
  ) throws -> Result {
    if !isKnownUniquelyReferenced(&storage) { storage = Storage(storage.sizes) }
    return try unsafe storage.pointers.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else {
        throw ConfigError(path: "design", value: "no output", reason: "must have one")
      }
      return try unsafe body(base)
    }
  }

  /// Memory for all arrays, each of which begins at a cache line.
  @safe
  private final class Storage: @unchecked Sendable {
    let sizes: [Int]
    let pointers: [UnsafeMutableRawPointer?]
    private let memory: UnsafeMutableRawPointer

    init(_ sizes: [Int]) {
      self.sizes = sizes
      unsafe memory = .allocate(byteCount: sizes.reduce(64) { $0 + ($1 + 63) & ~63 }, alignment: 64)
      var pointers: [UnsafeMutableRawPointer?] = unsafe []
      var offset = 0
      for size in sizes {
        unsafe pointers.append(memory + offset)
        offset += (size + 63) & ~63
      }
      unsafe self.pointers = pointers
    }

    deinit { unsafe memory.deallocate() }

    @unsafe
    subscript(index: Int) -> UnsafeRawBufferPointer {
      unsafe UnsafeRawBufferPointer(start: pointers[index], count: sizes[index])
    }
  }
}

extension SCMInstance {
  /// This SCM's experiment under a design.
  ///
  /// - Parameters:
  ///   - family: where the SCM is from, for regimes that draw other mechanisms.
  ///   - draw: equal numbers give equal rows, different ones independent rows of the same experiment.
  /// - Throws: `ConfigError` where the SCM can't have what is asked, `SamplingError` where a value is not finite.
  public func run(_ design: Design, family: SCMFamily? = nil, draw: UInt32 = 0) throws -> ExperimentData {
    let workspace = ExperimentWorkspace()
    let rows = design.batchRows(firstSeed: seed)
    let layout = try Layout(design, of: self, family: family, rows: rows)
    let experiment = try Experiment(
      design, self, family: family?.components[component].family, draw: draw, rows: rows, workspace: workspace)
    var data = ExperimentData(layout)
    unsafe try data.withArrays { arrays in
      var progress: Int64 = 0
      let target = unsafe try ExperimentTarget(layout, arrays: arrays, task: 0)
      unsafe try experiment.write(to: target, progress: &progress, workspace: workspace) { false }
    }
    return data
  }
}
