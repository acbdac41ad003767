public import SCMFamilies
import SCMBase

/// The arrays of one experiment, or of a batch of them with the number of the task as the first axis, by name.
///
///     let data = try instance.run(design)
///     let x = data.floats("X")             // row-major, of shape data.shape("X")
///     let flags = data.flags("intervened")
public struct ExperimentData: Sendable {
  public let layout: Layout
  /// The number of tasks; `nil` where the arrays are one task's.
  public let taskCount: Int?
  private var arrays: [[UInt8]]

  package init(_ layout: Layout, taskCount: Int? = nil) {
    self.layout = layout
    self.taskCount = taskCount
    arrays = layout.entries.map { [UInt8](repeating: 0, count: $0.byteCount * (taskCount ?? 1)) }
  }

  /// The names, in the order of the layout.
  public var names: [String] { layout.entries.map(\.name) }

  public func shape(_ name: String) -> [Int]? {
    layout.entries.first { $0.name == name }.map { (taskCount.map { [$0] } ?? []) + $0.shape }
  }

  /// An array of numbers with a fraction; `nil` where there is none of that name.
  public func floats(_ name: String) -> [Float]? {
    elements(name, .float32, of: UInt32.self)?.map(Float.init(bitPattern:))
  }

  /// An array of whole numbers.
  public func integers(_ name: String) -> [Int]? {
    elements(name, .int32, of: Int32.self)?.map(Int.init) ?? elements(name, .int8, of: Int8.self)?.map(Int.init)
  }

  /// An array of truth values.
  public func flags(_ name: String) -> [Bool]? { elements(name, .bool, of: UInt8.self)?.map { $0 != 0 } }

  /// The bytes of an array, as they are compared and hashed.
  public func bytes(_ name: String) -> [UInt8]? {
    layout.entries.firstIndex { $0.name == name }.map { arrays[$0] }
  }

  private func elements<Element: FixedWidthInteger>(
    _ name: String, _ type: Output.ElementType, of: Element.Type
  ) -> [Element]? {
    guard let index = layout.entries.firstIndex(where: { $0.name == name && $0.output.type == type }) else {
      return nil
    }
    return unsafe arrays[index].withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count, by: type.size).map {
        unsafe bytes.loadUnaligned(fromByteOffset: $0, as: Element.self)
      }
    }
  }

  /// Hands out where the arrays are.
  @unsafe
  package mutating func withArrays<Result>(
    _ body: (UnsafePointer<UnsafeMutableRawPointer?>) throws -> Result
  ) throws -> Result {
    // Memory of its own for the call: pointers to the elements of an array of arrays hold one at a time.
    let total = arrays.reduce(0) { $0 + ($1.count + 63) & ~63 } + 64
    let memory = UnsafeMutableRawPointer.allocate(byteCount: total, alignment: 64)
    defer { unsafe memory.deallocate() }
    var pointers: [UnsafeMutableRawPointer?] = []
    var offset = 0
    for array in arrays {
      unsafe pointers.append(memory + offset)
      offset += (array.count + 63) & ~63
    }
    let result = try unsafe pointers.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else {
        throw ConfigError(path: "design", value: "no output", reason: "must have one")
      }
      return unsafe try body(base)
    }
    for index in arrays.indices {
      if let pointer = unsafe pointers[index] {
        let bytes = unsafe UnsafeRawBufferPointer(start: pointer, count: arrays[index].count)
        unsafe arrays[index] = Array(bytes)
      }
    }
    return result
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
    let experiment = try Experiment(
      design, self, family: family?.components[component].family, draw: draw, workspace: workspace)
    var data = ExperimentData(
      try Layout(design, nodeCounts: nodeCount...nodeCount, rows: design.batchRows(firstSeed: seed)))
    let layout = data.layout
    unsafe try data.withArrays { arrays in
      var progress: Int64 = 0
      let target = unsafe try ExperimentTarget(layout, arrays: arrays, task: 0)
      unsafe try experiment.write(to: target, progress: &progress, workspace: workspace) { false }
    }
    return data
  }
}
