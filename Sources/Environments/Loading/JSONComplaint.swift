extension Error {
  /// What is wrong with a JSON text that could not be decoded, in a few words.
  var jsonComplaint: String {
    switch self as any Error {
    case DecodingError.keyNotFound(let key, _): "the key `\(key.stringValue)` is missing"
    case DecodingError.dataCorrupted(let context), DecodingError.typeMismatch(_, let context),
      DecodingError.valueNotFound(_, let context):
      context.debugDescription
    default: String(describing: self)
    }
  }
}
