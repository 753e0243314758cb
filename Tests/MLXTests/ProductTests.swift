import Testing

@testable import MLX

/// Products over many shapes and layouts against sums in double precision: what OpenBLAS chose works here.
@Suite struct ProductTests {
  @Test(arguments: [(1, 1, 1), (1, 33, 64), (7, 5, 3), (16, 16, 16), (33, 65, 17), (64, 1, 31), (130, 70, 257)])
  func productsAreRight(rows: Int, inner: Int, columns: Int) throws {
    let keys = try MLXRandom.split(key: MLXRandom.key(4), into: 2)
    let a = try MLXRandom.normal([rows, inner], key: keys[0])
    let b = try MLXRandom.normal([inner, columns], key: keys[1])
    let (x, y) = (try a.asArray(Float.self), try b.asArray(Float.self))
    let expected = (0..<rows * columns).map { at in
      let (row, column) = at.quotientAndRemainder(dividingBy: columns)
      return Float((0..<inner).reduce(0.0) { $0 + Double(x[row * inner + $1]) * Double(y[$1 * columns + column]) })
    }
    let (aT, bT) = (try contiguous(a.T), try contiguous(b.T))
    for product in [try matmul(a, b), try matmul(aT.T, b), try matmul(a, bT.T), try matmul(bT, aT).T] {
      #expect(try relativeDifference(product.asArray(Float.self), expected) < 3e-6)
    }
  }
}
