import Foundation
import Tables

/// Reads the samples of one released file, row by row.
enum SampleReader {
  case csv(CSVSamples)
  case lines(JSONSamples)

  /// - Throws: `TableError` when the file cannot be read or its header lacks a column.
  init(_ file: ReleasedFile) throws {
    let pieces = try FilePieces(file.url)
    self =
      switch file.format {
      case .csv: .csv(try CSVSamples(pieces, file: file))
      case .jsonLines: .lines(JSONSamples(pieces, file: file))
      }
  }

  /// What the file holds next.
  enum Item {
    case sample(ReleasedSample, line: Int)
    /// A row that cannot be taken; the next one can.
    case broken(TableError)
    /// The file cannot be read on.
    case stopped(TableError)
  }

  /// The next row, or `nil` at the end, and after `stopped`.
  mutating func next() -> Item? {
    switch self {
    case .csv(var samples):
      defer { self = .csv(samples) }
      return samples.next()
    case .lines(var samples):
      defer { self = .lines(samples) }
      return samples.next()
    }
  }
}

/// Samples as comma-separated values with a header.
struct CSVSamples {
  private let file: ReleasedFile
  private var reader: CSVReader
  private var places: [ReleasedSample.Column: Int] = [:]
  private let width: Int
  private var isOver = false

  init(_ pieces: FilePieces, file: ReleasedFile) throws {
    self.file = file
    reader = CSVReader { try pieces.next() }
    do {
      guard let header = try reader.next() else { throw TableError(file: file.name, "it is empty; leave it out") }
      width = header.fields.count
      for (place, name) in header.fields.enumerated() {
        guard let column = ReleasedSample.Column(rawValue: name) else { continue }
        if places.updateValue(place, forKey: column) != nil {
          throw TableError(file: file.name, line: header.line, "it has two columns '\(name)'")
        }
      }
      let missing = ReleasedSample.needed(file.environment).filter { places[$0] == nil }.map { "'\($0.rawValue)'" }
      if !missing.isEmpty { throw Self.incomplete(file, header, missing) }
    } catch let error as CSVError {
      throw TableError(file: file.name, error)
    }
  }

  private static func incomplete(_ file: ReleasedFile, _ header: CSVRecord, _ missing: [String]) -> TableError {
    let there = header.fields.prefix(20).map { "'\($0.prefix(30))'" }.joined(separator: ", ")
    return TableError(
      file: file.name, line: header.line,
      "there is no column \(missing.joined(separator: ", ")), which samples of '\(file.environment.rawValue)' need; "
        + "its columns are \(there)")
  }

  mutating func next() -> SampleReader.Item? {
    if isOver { return nil }
    do {
      guard let record = try reader.next() else { return nil }
      return sample(record)
    } catch let error as CSVError {
      return stopped(TableError(file: file.name, error))
    } catch let error as TableError {
      return stopped(error)
    } catch {
      return stopped(TableError(file: file.name, "\(error)"))
    }
  }

  private mutating func stopped(_ error: TableError) -> SampleReader.Item {
    isOver = true
    return .stopped(error)
  }

  private func sample(_ record: CSVRecord) -> SampleReader.Item {
    guard record.fields.count == width else {
      return .broken(
        TableError(
          file: file.name, line: record.line, "it has \(record.fields.count) fields, the header has \(width)"))
    }
    do {
      let sample = try ReleasedSample(file.environment) { column in places[column].map { record.fields[$0] } }
      return .sample(sample, line: record.line)
    } catch {
      return .broken(TableError(file: file.name, line: record.line, error.words))
    }
  }
}

/// Samples as JSON objects, one a line.
struct JSONSamples {
  private let file: ReleasedFile
  private var reader: LineReader
  private let decoder = JSONDecoder()
  private var isOver = false

  init(_ pieces: FilePieces, file: ReleasedFile) {
    self.file = file
    reader = LineReader { try pieces.next() }
  }

  mutating func next() -> SampleReader.Item? {
    if isOver { return nil }
    do {
      guard let line = try reader.next() else { return nil }
      return .sample(try sample(line), line: reader.line)
    } catch let complaint as SampleComplaint {
      return .broken(TableError(file: file.name, line: reader.line, complaint.words))
    } catch {
      isOver = true
      return .stopped(error as? TableError ?? TableError(file: file.name, "\(error)"))
    }
  }

  private func sample(_ line: Data) throws -> ReleasedSample {
    let object: JSONSample
    do { object = try decoder.decode(JSONSample.self, from: line) } catch {
      throw SampleComplaint(Self.words(error))
    }
    return try ReleasedSample(file.environment) { object.values[$0] }
  }

  private static func words(_ error: any Error) -> String {
    switch error {
    case DecodingError.typeMismatch(_, let context) where !context.codingPath.isEmpty:
      "'\(context.codingPath.map(\.stringValue).joined(separator: "."))' is neither text, number nor true or false"
    case DecodingError.typeMismatch: "it is not a JSON object"
    default: "it is not JSON (NaN and Infinity are not)"
    }
  }
}

/// The known columns of a line as texts, however the file writes numbers and truth.
private struct JSONSample: Decodable {
  var values: [ReleasedSample.Column: String] = [:]

  private struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }

    init(_ column: ReleasedSample.Column) { stringValue = column.rawValue }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(from decoder: any Decoder) throws {
    let object = try decoder.container(keyedBy: Key.self)
    for column in ReleasedSample.Column.allCases {
      let key = Key(column)
      guard object.contains(key), try !object.decodeNil(forKey: key) else { continue }
      values[column] = try Self.text(object, key)
    }
  }

  private static func text(_ object: KeyedDecodingContainer<Key>, _ key: Key) throws -> String {
    if let text = try? object.decode(String.self, forKey: key) { return text }
    if let truth = try? object.decode(Bool.self, forKey: key) { return truth ? "true" : "false" }
    return String(try object.decode(Double.self, forKey: key))
  }
}
