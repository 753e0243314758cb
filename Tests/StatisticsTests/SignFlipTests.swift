import Foundation
import Statistics
import Testing

struct SignFlipTests {
  /// By enumerating all signs in Python (`itertools.product([1, -1], repeat=len(d))`); the first is also
  /// `scipy.stats.permutation_test(permutation_type="samples")`.
  @Test(arguments: [
    ([3, 1, 1, 2, -1, 0, 0], 0.25), ([5, -2, 1, 1, 1, 4, -3, 2], 0.328125), ([1, 1, 1, 1], 0.125), ([7], 1.0),
    ([2, 2, 2, -2, 2, 2], 0.21875), ([], 1.0), ([0, 0], 1.0), ([3, -3], 1.0),
  ])
  func equalsEnumeration(_ differences: [Int], _ p: Double) {
    #expect(abs(signFlips(differences).value - p) < 1e-12)
  }

  @Test func staysAValidBoundWhereCountingWouldTakeTooLong() {
    // 4,000 prompts of +-1,000 and +-999: far beyond the budget. Hoeffding: 2 exp(-s^2 / (2 sum d^2)).
    let differences = (0..<4_000).map { $0 % 4 == 0 ? -1_000 : 999 }
    let sum = Double(differences.reduce(0, +))
    let squares = 1_000.0 * 1_000 * 1_000 + 3_000.0 * 999 * 999
    #expect(abs(signFlips(differences).naturalLog - (log(2) - sum * sum / (2 * squares))) < 1e-9)
  }
}
