import Foundation
import Statistics

/// The p values of one table, adjusted by Holm's step-down method (Scandinavian Journal of Statistics 6, 1979): the chance
/// of even one wrong claim among all that are below 0.05 is at most 0.05.
///
/// - Parameter values: in any order.
/// - Returns: the adjusted values in the same order.
func holm(_ values: [PValue]) -> [PValue] {
  var adjusted = values
  var largest = -Double.infinity
  for (rank, index) in values.indices.sorted(by: { values[$0] < values[$1] }).enumerated() {
    largest = max(largest, values[index].naturalLog + log(Double(values.count - rank)))
    adjusted[index].naturalLog = min(0, largest)
  }
  return adjusted
}
