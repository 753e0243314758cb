/// What came of the episodes of one cell: its counts, and its graded episodes prompt by prompt.
package struct CellOutcomes: Sendable {
  package var counts: CellCounts
  package var variants: VariantOutcomes
}
