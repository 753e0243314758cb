internal import CMLX

/// What may stand in `array[...]` for one axis: a number (the axis goes), a range, or `.ellipsis`.
package protocol MLXArrayIndex {
  /// How this index cuts an axis of the given extent.
  func selection(extent: Int) throws -> AxisSelection
}

/// A half-open interval of an axis; `dropsAxis` when the index was a single number.
package struct AxisSelection: Equatable {
  /// Positions along the axis.
  package let range: Range<Int>
  /// Whether the axis goes.
  package let dropsAxis: Bool

  /// Throws unless 0 <= lower <= upper <= extent.
  package init(_ lower: Int, _ upper: Int, dropsAxis: Bool = false, extent: Int) throws {
    guard 0 <= lower, lower <= upper, upper <= extent else {
      throw MLXError("Index \(dropsAxis ? "\(lower)" : "\(lower)..<\(upper)") is outside an axis of \(extent).")
    }
    self.range = lower..<upper
    self.dropsAxis = dropsAxis
  }
}

extension Int: MLXArrayIndex {
  package func selection(extent: Int) throws -> AxisSelection {
    let index = self < 0 ? extent + self : self
    return try AxisSelection(index, index + 1, dropsAxis: true, extent: extent)
  }
}

extension Range<Int>: MLXArrayIndex {
  package func selection(extent: Int) throws -> AxisSelection {
    try AxisSelection(lowerBound, upperBound, extent: extent)
  }
}

extension PartialRangeFrom<Int>: MLXArrayIndex {
  package func selection(extent: Int) throws -> AxisSelection {
    try AxisSelection(lowerBound < 0 ? extent + lowerBound : lowerBound, extent, extent: extent)
  }
}

extension PartialRangeUpTo<Int>: MLXArrayIndex {
  package func selection(extent: Int) throws -> AxisSelection {
    try AxisSelection(0, upperBound < 0 ? extent + upperBound : upperBound, extent: extent)
  }
}

/// As many whole axes as are left over.
package struct EllipsisIndex: MLXArrayIndex {
  package func selection(extent: Int) throws -> AxisSelection { try AxisSelection(0, extent, extent: extent) }
}

extension MLXArrayIndex where Self == EllipsisIndex {
  /// As many whole axes as are left over: `x[.ellipsis, 0]` is the first element along the last axis.
  package static var ellipsis: EllipsisIndex { EllipsisIndex() }
}

extension MLXArray {
  /// A part of the array, one index an axis; axes without an index are whole.
  package subscript(_ indices: any MLXArrayIndex...) -> MLXArray {
    get throws { try self[indices] }
  }

  private subscript(_ indices: [any MLXArrayIndex]) -> MLXArray {
    get throws {
      let extents = shape
      let selections = try zip(spread(indices), extents).map { try $0.selection(extent: $1) }
      let part = try sliced(selections.map(\.range))
      let kept = selections.filter { !$0.dropsAxis }.map(\.range.count)
      return kept.count == extents.count ? part : try part.reshaped(kept)
    }
  }

  /// One index for each axis: the ellipsis, or the end, filled up with whole axes.
  private func spread(_ indices: [any MLXArrayIndex]) throws -> [any MLXArrayIndex] {
    let gap = indices.firstIndex { $0 is EllipsisIndex } ?? indices.endIndex
    let head = indices[..<gap]
    let tail = indices[gap...].dropFirst()
    let missing = ndim - head.count - tail.count
    guard missing >= 0 else { throw MLXError("\(indices.count) indices for an array of shape \(shape).") }
    return head + Array(repeating: EllipsisIndex(), count: missing) + tail
  }

  /// The elements `from`..<`to` along one axis.
  package func sliced(axis: Int, from: Int, to: Int) throws -> MLXArray {
    let axis = try self.axis(axis)
    var ranges = shape.map { 0..<$0 }
    ranges[axis] = try AxisSelection(from, to, extent: dim(axis)).range
    return try sliced(ranges)
  }

  private func sliced(_ ranges: [Range<Int>]) throws -> MLXArray {
    let start = try int32(ranges.map(\.lowerBound))
    let stop = try int32(ranges.map(\.upperBound))
    let stride = [Int32](repeating: 1, count: ranges.count)
    return try MLXArray(owning: cmlx_slice(handle, start, stop, stride, ranges.count))
  }
}
