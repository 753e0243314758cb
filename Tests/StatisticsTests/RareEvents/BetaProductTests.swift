import Statistics
import Testing

@Suite struct BetaProductTests {
  private struct Row: Decodable {
    var first: [Double]
    var second: [Double]
    var q: Double
    var x: Double
  }

  /// Against quadrature (Fixtures/make_chain_fixtures.py).
  @Test func twoBetasAgreeWithQuadrature() throws {
    let rows: [Row] = try Fixture.rows("beta_products")
    #expect(rows.count == 24)
    for row in rows {
      let product = BetaProduct([(row.first[0], row.first[1]), (row.second[0], row.second[1])])
      let x = row.q < 0.5 ? product.quantile(lowerTail: row.q) : product.quantile(upperTail: 1 - row.q)
      #expect(agree(x, row.x, within: 0.02), "\(row): \(x)")
    }
  }

  /// Beta(a, b) times Beta(a + b, c) is Beta(a, b + c): with a = x + 1 and b + c = n - x its upper quantile is the exact
  /// binomial bound.
  @Test func aChainOfBetasIsABeta() {
    for (events, trials) in [(0, 50), (3, 200), (40, 100), (7, 1_000_000)] {
      let (a, rest) = (Double(events + 1), Double(trials - events))
      let product = BetaProduct([(a, rest / 4), (a + rest / 4, rest / 4), (a + rest / 2, rest / 2)])
      let exact = Count(events: events, trials: trials).clopperPearson().upper
      #expect(agree(product.quantile(upperTail: 0.025), exact, within: 0.01), "\(events) in \(trials)")
    }
  }
}
