// Computed and inlinable: other modules read a stored global through a function, and inner loops read these.

/// The most blocks that one call of a kernel handles: 64 blocks are 256 rows.
@inlinable
package var blocksPerTile: Int { 64 }
/// Rows of a tile, whose columns stay in the cache from node to node.
@inlinable
package var rowsPerTile: Int { 2 * 4 * blocksPerTile }
