import SCMBase
import SCMGraphs
import SCMMechanisms

/// What a mechanism says of the columns that it reads of its parents.
struct MechanismReading: Sendable {
  let inputCount: Int
  let readsClassNumbers: Bool

  init(_ mechanism: any Mechanism) {
    (inputCount, readsClassNumbers) = (mechanism.parentCount, mechanism.readsClassNumbers)
  }
}

// Parents of an SCM some of whose nodes have classes.
extension SCMInstance {
  /// The columns that a node's mechanism reads of its parents.
  package func inputCount(of node: Int) -> Int {
    classReadings.isEmpty ? parents.count(of: node) : classReadings[node].inputCount
  }

  /// Hands out the parents of a node, each with its place among them and the columns that are read of it.
  package func forEachParent(of node: Int, _ body: (_ index: Int, _ parent: Int, _ columns: Range<Int>) -> Void) {
    let readsNumbers = classReadings.isEmpty || classReadings[node].readsClassNumbers
    var next = 0
    parents.forEach(of: node) { index, parent in
      let count = readsNumbers ? 1 : valueKind(of: parent).columnCount(classReading)
      body(index, parent, next..<next + count)
      next += count
    }
  }

  /// As ``fillParents``, with a column for each class of a parent where its child reads it so.
  @unsafe
  func fillMixedParents(
    of node: Int, count: Int, from store: UnsafePointer<Float>, stride: Int, workspace: SamplingWorkspace
  ) {
    let inPlace = readsParentsInPlace(node)
    forEachParent(of: node) { index, parent, columns in
      let source = unsafe store + parent * stride
      if inPlace, columns.count == 1 {
        unsafe workspace.parents[columns.lowerBound] = source
        return
      }
      for column in columns {
        let target = unsafe workspace.inputs + column * MechanismRows.stride
        unsafe workspace.parents[column] = UnsafePointer(target)
        if columns.count == 1 {
          unsafe scalings[node].input(index).apply(from: source, to: target, count: count)
        } else {
          let number = Float(column - columns.lowerBound)
          for r in 0..<count { unsafe target[r] = source[r] == number ? 1 : 0 }
        }
      }
    }
  }
}
