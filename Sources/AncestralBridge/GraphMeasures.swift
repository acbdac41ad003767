import Ancestral
public import CAncestral
import SCMBase

@c @implementation
public func anc_sortability(
  _ x: UnsafePointer<Float>?, _ rows: Int, _ adjacency: UnsafePointer<UInt8>?, _ n_nodes: Int,
  _ values: UnsafePointer<Int16>?, _ out: UnsafeMutablePointer<Double>?
) -> anc_status {
  guarded {
    let graph = try matrix(required(adjacency, "adjacency"), n_nodes)
    let rows = try checked(rows, in: 1...(1 << 34), "rows")
    try checkProduct([rows, n_nodes], "rows * n_nodes")
    let x = try required(x, "x")
    let out = try required(out, "out")
    let numbers = NumberColumns(
      n_nodes, try values.map { values in try (0..<n_nodes).map { try valueKind(Int(values[$0])) } } ?? [])
    let moments = ColumnMoments(
      numbers.of(SampleMatrix(rowCount: rows, columnCount: n_nodes) { x[$0 * n_nodes + $1] }))
    out[0] = numbers.sortability(of: moments.variances, in: graph) ?? .nan
    out[1] = moments.explainedVariances.flatMap { numbers.sortability(of: $0, in: graph) } ?? .nan
    return ANC_OK
  }
}

@c @implementation
public func anc_spectra(
  _ adjacency: UnsafePointer<UInt8>?, _ node_counts: UnsafePointer<Int32>?, _ count: Int, _ threads: Int,
  _ out: UnsafeMutablePointer<Double>?
) -> anc_status {
  guarded {
    let count = try checked(count, in: 0...mostTasks, "count")
    let threads = try checked(threads, in: 0...Limits.threads.upperBound, "threads")
    guard count > 0 else { return ANC_OK }
    let graphs = try dags(required(adjacency, "adjacency"), required(node_counts, "node_counts"), count)
    var out = try required(out, "out")
    let spectra = try parallelMap(graphs.count, threads: threads, isCancelled: { Interruption.isRequested }) {
      GraphDescriptors.spectrum(of: graphs[$0].adjacency)
    }
    for spectrum in spectra {
      for value in spectrum {
        out.pointee = value
        out += 1
      }
    }
    return ANC_OK
  }
}
