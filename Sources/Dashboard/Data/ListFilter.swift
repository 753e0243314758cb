import Episodes
import Foundation
import Reporting
import Storage

/// Which episodes the address of a list asks for.
struct ListFilter {
  let query: EpisodeQuery
  /// The address's own fields for the facets, to build other addresses from.
  let fields: [(name: String, value: String)]
  let sequence: Int?
  let text: String
  let scope: SearchIndex.Scope

  /// The fields that narrow a list, in the order in which they are shown.
  static let facets = [
    "checkpoint", "environment", "arm", "purpose", "sequence", "variant", "holding", "lacking", "failed",
  ]

  init(_ address: Query, in run: RunView) throws {
    var query = EpisodeQuery(
      checkpoint: address["checkpoint"], environment: address["environment"],
      arm: address["arm"].map(Arm.init(rawValue:)),
      purpose: address["purpose"], variant: address.number("variant"),
      holding: address.all("holding").map(Predicate.init(rawValue:)),
      lacking: address.all("lacking").map(Predicate.init(rawValue:)),
      failed: address["failed"].map { $0 == "yes" })
    sequence = address.number("sequence")
    if let sequence { query.checkpoints = run.sequences()[sequence] ?? [] }
    self.query = query
    fields = address.fields.filter { Self.facets.contains($0.name) && !$0.value.isEmpty }
    text = address["q"] ?? ""
    scope = address["where"].flatMap(SearchIndex.Scope.init(rawValue:)) ?? .anywhere
  }

  /// The fields of the search.
  var search: [(name: String, value: String)] {
    text.isEmpty ? [] : [("q", text)] + (scope == .anywhere ? [] : [("where", scope.rawValue)])
  }

  /// The address of the list with a facet set to a value, or without the facet.
  func address(_ name: String, _ value: String?) -> String {
    let rest = fields.filter { field in
      field.name != name || (Self.repeated.contains(name) && field.value != value)
    }
    return "episodes" + EpisodeAddress.text(rest + (value.map { [(name, $0)] } ?? []) + search)
  }

  /// The address of the list without one value of a facet.
  func address(without field: (name: String, value: String)) -> String {
    "episodes" + EpisodeAddress.text(fields.filter { $0 != field } + search)
  }

  private static let repeated: Set<String> = ["holding", "lacking"]
}

extension EpisodeKey {
  /// Reads a key from an address.
  ///
  /// - Throws: `PageProblem` if it is not one.
  init(address text: String?) throws {
    let parts = (text ?? "").split(separator: "/", omittingEmptySubsequences: false).map {
      String($0).removingPercentEncoding
    }
    guard parts.count == 6, let checkpoint = parts[0], let environment = parts[1], let arm = parts[2],
      let purpose = parts[3], let variant = parts[4].flatMap(Int.init), let sample = parts[5].flatMap(Int.init)
    else {
      throw PageProblem(400, "The address names no episode: key=CHECKPOINT/ENVIRONMENT/ARM/PURPOSE/VARIANT/SAMPLE.")
    }
    self.init(
      checkpoint: checkpoint, environment: environment, arm: Arm(rawValue: arm), purpose: purpose, variant: variant,
      sample: sample)
  }
}
