/// The outcomes of one cell's episodes: the cell's counts, and its graded episodes by prompt.
package struct CellOutcomes: Sendable {
  package var counts: CellCounts
  package var variants: VariantOutcomes
}
