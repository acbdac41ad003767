import SCMBase
import SCMGraphs
import SCMMechanisms
import SCMRandom

// Parents of an SCM some of whose nodes have classes.
extension SCMInstance {
  /// The columns that a node's mechanism reads of its parents.
  package func inputCount(of node: Int) -> Int {
    readings[node].inputCount
  }

  /// Hands out the parents of a node, each with its place among them and the columns that are read of it.
  package func forEachParent(of node: Int, _ body: (_ index: Int, _ parent: Int, _ columns: Range<Int>) -> Void) {
    let readsNumbers = readings[node].readsClassNumbers
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
        unsafe workspace.parents[column] = UnsafePointer(workspace.inputs + column * MechanismRows.stride)
      }
      let target = unsafe workspace.inputs + columns.lowerBound * MechanismRows.stride
      if columns.count == 1 {
        unsafe scalings[node].input(index).apply(from: source, to: target, count: count)
      } else {
        unsafe Kernels.table.oneHot(source, columns.count, count, target, MechanismRows.stride)
      }
    }
  }
}
