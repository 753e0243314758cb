extension ReportData {
  /// The report as JSON.
  ///
  /// - Throws: an encoding error; none is known that a report could cause.
  package func json() throws -> String { try ReportJSON.text(self) }
}
