import Ancestral
public import CAncestral
import SCMBase

@c @implementation
public func anc_standardize(
  _ x: UnsafePointer<Float>?, _ count: Int, _ rows: Int, _ columns: Int, _ out: UnsafeMutablePointer<Float>?
) -> anc_status {
  guarded {
    let count = try checked(count, in: 0...(1 << 32), "count")
    let rows = try checked(rows, in: 0...mostRows, "rows")
    let columns = try checked(columns, in: 0...(1 << 32), "columns")
    try checkProduct([count, rows, columns], "count * rows * columns")
    guard count * rows * columns > 0 else { return ANC_OK }
    let x = try required(x, "x")
    let out = try required(out, "out")
    for task in 0..<count where !Interruption.isRequested {
      let place = task * rows * columns
      Kernels.table.standardize(x + place, rows, columns, out + place)
    }
    return ANC_OK
  }
}
